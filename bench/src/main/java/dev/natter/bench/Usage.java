package dev.natter.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a process has used, as Linux accounts for it (proc(5)).
 *
 * @param cpu processor time of all its threads, user and system
 * @param resident bytes of it in memory, shared pages included
 */
record Usage(Duration cpu, long resident) {
    /** {@code sysconf(_SC_CLK_TCK)}, the same on every Linux that Java runs on. */
    private static final long TICK_NANOS = 10_000_000;

    private static final int USER_TIME = 11;

    /**
     * Looks.
     *
     * @param pid the process
     * @throws IOException if it is gone, or this isn't Linux
     */
    static Usage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(process.resolve("stat"));
        // The name, in brackets, may hold anything; what follows is numbers, beginning with field 3.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
        return new Usage(Duration.ofNanos(ticks * TICK_NANOS), resident(Files.readAllLines(process.resolve("status"))));
    }

    /** The processor time that was used since an earlier look. */
    Duration cpuSince(Usage earlier) {
        return cpu.minus(earlier.cpu);
    }

    private static long resident(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
