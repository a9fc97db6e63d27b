/**
 * HTTP as Natter speaks it, so that no service has to think of more than its own routes.
 *
 * <p>A {@link dev.natter.platform.http.Listener} is one listener's side of it. Every request passes its edge: request
 * id, framing checks, CORS, access log; then a route's guard: who calls, and how often. A handler answers with
 * {@link dev.natter.platform.http.Json}, or throws {@link dev.natter.platform.http.Refused} with a
 * {@link dev.natter.platform.http.Problem}.
 *
 * <p><b>Invariant.</b> Whatever goes wrong is answered with {@code application/problem+json} that names the request id,
 * and nothing of how the inside looks. Helidon has two paths for errors, the routing's and the listener's direct
 * handlers; both end in {@code Problem}.
 *
 * <p><b>Helidon 4.1.2</b> is cured of each trap in one place: {@code Framing} (ambiguous lengths), {@code Edge}
 * (connections that were announced closed but weren't), {@code Connections} (stalled clients, slow stops),
 * {@code DirectAnswers} and {@code Failures} (plain-text errors, messages of exceptions, stack traces for clients that
 * hang up), {@code HeadResponse} and {@code Listener} (HEAD, 405, OPTIONS). {@code HelidonBehaviourTest} records the
 * behaviour behind each cure, so that an upgrade tells which may go.
 */
package dev.natter.platform.http;
