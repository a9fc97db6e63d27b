package dev.natter.realtime;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A frame made from an event of the usual size. Here, since frames are the gateway's own. */
@State(Scope.Thread)
public class FramePiece {
    private static final int BYTES = 560;

    private final byte[] json = "x".repeat(BYTES).getBytes(StandardCharsets.US_ASCII);

    /**
     * Encodes it, header and all.
     *
     * @return what goes to every socket
     */
    @Benchmark
    public byte[] encode() {
        return Frame.text(json).bytes();
    }
}
