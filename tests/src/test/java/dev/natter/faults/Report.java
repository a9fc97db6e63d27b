package dev.natter.faults;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param run which
 * @param recorder what happened
 * @param violations every promise that was broken
 */
record Report(FaultRun run, Recorder recorder, List<Violation> violations) {
    private static final int SHOWN = 4;

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\n");
        History history = recorder.history();
        row(text, "arrangement", run.shape());
        row(text, "seed", run.seed());
        row(text, "faults", faults().values().stream().mapToLong(LongAdder::sum).sum());
        faults().forEach((fault, times) -> row(text, "  " + fault.substring("fault: ".length()), times));
        row(text, "sends acknowledged", outcomes(history, Op.Kind.SEND, Op.Outcome.OK));
        row(text, "sends unknown", outcomes(history, Op.Kind.SEND, Op.Outcome.UNKNOWN));
        row(
                text,
                "edits and deletions acknowledged",
                outcomes(history, Op.Kind.EDIT, Op.Outcome.OK) + outcomes(history, Op.Kind.DELETE, Op.Outcome.OK));
        recorder.counts().forEach((what, times) -> {
            if (!what.startsWith("fault: ")) {
                row(text, what, times);
            }
        });
        recorder.longest().forEach((what, value) -> row(text, "longest " + what, value));
        row(text, "longest until a removal took effect, all being well, ms", recorder.longestEffect() / 1_000_000);
        for (Violation.Kind kind : Violation.Kind.values()) {
            long times = violations.stream().filter(one -> one.kind() == kind).count();
            row(text, kind.name().toLowerCase(java.util.Locale.ROOT), times);
        }
        for (Violation.Kind kind : Violation.Kind.values()) {
            violations.stream()
                    .filter(one -> one.kind() == kind)
                    .limit(SHOWN)
                    .forEach(one -> text.append(one).append('\n'));
        }
        if (!violations.isEmpty()) {
            text.append("Replay: ./natter test faults --arrangement ")
                    .append(run.shape().name().toLowerCase(java.util.Locale.ROOT))
                    .append(" --seed ")
                    .append(run.seed())
                    .append('\n');
        }
        return text.toString();
    }

    private Map<String, LongAdder> faults() {
        return recorder.counts().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("fault: "))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, java.util.TreeMap::new));
    }

    private static long outcomes(History history, Op.Kind kind, Op.Outcome outcome) {
        return history.ops().stream()
                .filter(op -> op.kind() == kind && op.outcome() == outcome)
                .count();
    }

    private static void row(StringBuilder text, String name, Object value) {
        text.append("%-60s %10s%n".formatted(name, value));
    }
}
