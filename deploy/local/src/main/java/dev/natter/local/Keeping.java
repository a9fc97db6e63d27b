package dev.natter.local;

import dev.natter.backup.Backup;
import dev.natter.backup.BackupFailure;
import dev.natter.backup.Restore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code ./natter backup} and {@code ./natter restore} run. */
public final class Keeping {
    private static final PrintStream OUT = System.out;

    private Keeping() {}

    /**
     * Does it.
     *
     * @param args {@code backup FOLDER [--home FOLDER]} or {@code restore FOLDER [--home FOLDER]}
     */
    public static void main(String[] args) {
        try {
            run(List.of(args), System.getenv());
        } catch (Arguments.Misunderstood misunderstood) {
            System.err.println("natter: " + misunderstood.getMessage());
            System.exit(2);
        } catch (StartFailure | BackupFailure failure) {
            System.err.println("natter: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void run(List<String> arguments, Map<String, String> environment) {
        if (arguments.size() < 2 || arguments.get(1).startsWith("--")) {
            throw new Arguments.Misunderstood("which folder? See ./natter help");
        }
        Path folder = Path.of(arguments.get(1)).toAbsolutePath();
        Options options = Arguments.parse(arguments.subList(2, arguments.size()), environment, Repository.root())
                .options();
        Logs.configure(options.home(), arguments.getFirst(), false);
        if (arguments.getFirst().equals("backup")) {
            try (Kept kept = Kept.in(options)) {
                Backup.take(kept.installation(), folder);
            }
            OUT.println("Backed up " + options.home() + " to " + folder);
        } else {
            try (Kept kept = Kept.stopped(options)) {
                Restore.from(folder, kept.installation());
            }
            OUT.println("Restored " + folder + " to " + options.home() + "; ./natter up runs it");
        }
    }
}
