package dev.natter.platform.run;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.helidon.metrics.api.FunctionalCounter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is told of the process and its JVM, under the names that Prometheus's own clients use. */
final class ProcessMeters {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Tag HEAP = Tag.create("area", "heap");

    private ProcessMeters() {}

    /** Begins to tell; what a system doesn't know is left out. */
    static void register(List<Service> services) {
        services.forEach(service -> gauge("natter.build.info", "1; the labels say what runs", () -> 1, build(service)));
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        gauge(
                "jvm.memory.used.bytes",
                "Memory in use",
                () -> memory.getHeapMemoryUsage().getUsed(),
                List.of(HEAP));
        gauge(
                "jvm.memory.used.bytes",
                "Memory in use",
                () -> memory.getNonHeapMemoryUsage().getUsed(),
                List.of(Tag.create("area", "nonheap")));
        gauge(
                "jvm.memory.max.bytes",
                "Most there may be",
                () -> memory.getHeapMemoryUsage().getMax(),
                List.of(HEAP));
        var threads = ManagementFactory.getThreadMXBean();
        gauge(
                "jvm.threads.current",
                "Threads of the system's, without virtual ones",
                threads::getThreadCount,
                List.of());
        ManagementFactory.getGarbageCollectorMXBeans().forEach(ProcessMeters::collector);
        process();
    }

    private static List<Tag> build(Service service) {
        String version = service.getClass().getPackage().getImplementationVersion();
        return List.of(
                Tag.create("service", service.name()),
                Tag.create("version", version == null ? "unknown" : version),
                Tag.create("java", Runtime.version().toString()));
    }

    private static void collector(GarbageCollectorMXBean collector) {
        List<Tag> name = List.of(Tag.create("gc", collector.getName()));
        counter(
                "jvm.gc.collections",
                "Garbage collections",
                collector,
                GarbageCollectorMXBean::getCollectionCount,
                name);
        counter(
                "jvm.gc.seconds",
                "Whole seconds spent in garbage collections",
                collector,
                gc -> TimeUnit.MILLISECONDS.toSeconds(gc.getCollectionTime()),
                name);
    }

    private static void process() {
        double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1_000.0;
        gauge("process.start.time.seconds", "When the process began, since 1970", () -> started, List.of());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            counter(
                    "process.cpu.seconds",
                    "Whole seconds of processor time",
                    system,
                    os -> TimeUnit.NANOSECONDS.toSeconds(os.getProcessCpuTime()),
                    List.of());
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            gauge("process.open.fds", "Open files and sockets", system::getOpenFileDescriptorCount, List.of());
            gauge("process.max.fds", "Most there may be", system::getMaxFileDescriptorCount, List.of());
        }
        if (Files.isReadable(STATUS)) {
            gauge(
                    "process.resident.memory.bytes",
                    "Memory that the process occupies",
                    ProcessMeters::resident,
                    List.of());
        }
    }

    /** Linux's {@code VmRSS}, in bytes. */
    private static long resident() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException unreadable) {
            return 0;
        }
    }

    private static void gauge(String name, String description, Supplier<? extends Number> value, List<Tag> tags) {
        Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder(name, value::get).description(description).tags(tags));
    }

    private static <T> void counter(String name, String description, T of, Function<T, Long> value, List<Tag> tags) {
        Metrics.globalRegistry()
                .getOrCreate(FunctionalCounter.builder(name, of, value)
                        .description(description)
                        .tags(tags));
    }
}
