/**
 * How a Natter service lives: {@link dev.natter.platform.run.Service} is the seam, {@link dev.natter.platform.run.Node}
 * hosts one or several behind a public and an internal listener, {@link dev.natter.platform.run.Settings} says where
 * settings come from.
 *
 * <p><b>Invariant.</b> A service never knows whether it is alone. Calls between services go over the internal listener
 * in both arrangements, so there is nothing that only the separate one tries.
 *
 * <p><b>Life cycle.</b> {@code start} of each service in turn, then both listeners, then ready. SIGTERM: not ready, the
 * shutdown delay, {@code drain} of all services at once, the last requests, the listeners, {@code close} of all; within
 * ten seconds, whatever hangs.
 *
 * <p><b>Threads.</b> One virtual thread for each connection; handlers block. One daemon thread a listener looks for
 * connections that take too long.
 */
package dev.natter.platform.run;
