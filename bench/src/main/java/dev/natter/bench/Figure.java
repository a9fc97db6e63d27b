package dev.natter.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One measured figure, and what it is to be compared with.
 *
 * @param what what was measured, as in {@code durable sends, 64 connections}
 * @param value how much
 * @param unit as in {@code /s} or {@code ms}
 * @param reference what limits it, measured in the same run; null if there is none
 * @param target what was promised of the ratio of value and reference, or of the value where there is none; null if
 *     nothing was
 */
record Figure(String what, double value, String unit, Reference reference, Target target) {
    /**
     * What a figure is compared with.
     *
     * @param what as in {@code pgbench, best of 16, 32 and 64 clients}
     * @param value how much, in the figure's unit
     */
    record Reference(String what, double value) {}

    /** A promise. */
    sealed interface Target {
        /** No less than this. */
        record AtLeast(double bound) implements Target {}

        /** No more than this. */
        record AtMost(double bound) implements Target {}
    }

    /** A figure to know, of which nothing was promised. */
    static Figure plain(String what, double value, String unit) {
        return new Figure(what, value, unit, null, null);
    }

    /** One that is nothing to be judged by without its reference. */
    static Figure beside(String what, double value, String unit, Optional<Reference> reference, Target target) {
        return reference
                .map(limit -> new Figure(what, value, unit, limit, target))
                .orElseGet(() -> plain(what, value, unit));
    }

    /** What the target is about. */
    double judged() {
        return reference == null ? value : value / reference.value();
    }

    /** Whether the target is met; true if there is none. */
    boolean isMet() {
        return switch (target) {
            case null -> true;
            case Target.AtLeast(double bound) -> judged() >= bound;
            case Target.AtMost(double bound) -> judged() <= bound;
        };
    }

    /** The figure of the median run: by the ratio if there is a reference, else by the value. */
    static Figure median(List<Figure> runs) {
        return runs.stream()
                .sorted((one, other) -> Double.compare(one.judged(), other.judged()))
                .toList()
                .get((runs.size() - 1) / 2);
    }

    /** A number in a table: three digits that count, no more. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
