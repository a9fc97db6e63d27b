package dev.natter.local;

import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@code ./natter up} runs. */
public final class Main {
    private static final Logger LOG = System.getLogger(Main.class.getName());
    private static final PrintStream OUT = System.out;

    private Main() {}

    /**
     * Runs Natter until SIGINT or SIGTERM.
     *
     * @param args {@code [--separate] [--port N] [--host ADDRESS] [--home FOLDER] [--verbose]}
     */
    public static void main(String[] args) {
        try {
            Path root = Repository.root();
            run(Arguments.parse(List.of(args), System.getenv(), root));
            System.exit(0);
        } catch (Arguments.Misunderstood misunderstood) {
            System.err.println("natter: " + misunderstood.getMessage());
            System.exit(2);
        } catch (StartFailure failure) {
            System.err.println("natter: " + failure.getMessage());
            System.exit(1);
        } catch (RuntimeException defect) {
            LOG.log(Level.ERROR, "Natter can't start, and it is a defect of its own", defect);
            System.exit(1);
        }
    }

    private static void run(Arguments arguments) {
        Options options = arguments.options();
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean up = new AtomicBoolean();
        onSignals(() -> {
            if (up.get()) {
                told.countDown();
            } else {
                // Nothing serves yet, so the children may go in any order: each has its own shutdown hook.
                System.exit(130);
            }
        });
        Hold hold = Hold.take(options.home());
        Logs.configure(options.home(), "natter", arguments.verbose());
        OUT.println("Starting in " + options.home() + " ...");
        try (Natter natter = Natter.start(hold, options)) {
            up.set(true);
            OUT.println(welcome(natter, options));
            told.await();
            OUT.println("Stopping ...");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        OUT.println("Stopped.");
    }

    private static String welcome(Natter natter, Options options) {
        String base = natter.baseUri().toString().replace("127.0.0.1", "localhost");
        return """

                Natter is running, %s.

                  API         %s/api
                  Docs        %s/docs
                  WebSocket   %s/ws/{user_id}
                  Data, logs  %s

                Ctrl-C stops it; everything is kept.
                """.formatted(
                        options.separate() ? "five processes behind nginx" : "all in one process",
                        base,
                        base,
                        base.replaceFirst("^http", "ws"),
                        options.home());
    }

    /**
     * Calls back on SIGINT, SIGTERM and SIGHUP. Not a shutdown hook: hooks run all at once, and the log's would fall
     * silent first. By reflection, since the compiler lets nobody name {@code sun.misc.Signal} without a warning.
     */
    private static void onSignals(Runnable stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Main.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        stop.run();
                        return null;
                    });
            for (String name : List.of("INT", "TERM", "HUP")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException absent) {
            throw new StartFailure("This JVM can't tell signals: " + absent, absent);
        }
    }
}
