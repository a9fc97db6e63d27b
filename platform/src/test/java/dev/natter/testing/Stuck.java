package dev.natter.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Says what every thread is doing, virtual ones too, when a test takes longer than any may. JUnit calls it before it
 * interrupts the test.
 */
public final class Stuck implements PreInterruptCallback {
    /** Made by JUnit. */
    public Stuck() {}

    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext test) throws IOException {
        Path dump = Path.of("target", "stuck-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".txt")
                .toAbsolutePath();
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        System.err.println(test.getUniqueId() + " is stuck:\n" + Files.readString(dump));
    }
}
