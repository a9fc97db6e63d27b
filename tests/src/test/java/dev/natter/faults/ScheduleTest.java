package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    @ParameterizedTest
    @EnumSource
    void aSeedMakesTheSameScheduleAgainAndAnotherSeedAnother(Shape shape) {
        assertThat(steps(shape, 7, 100)).isEqualTo(steps(shape, 7, 100));
        assertThat(steps(shape, 7, 100)).isNotEqualTo(steps(shape, 8, 100));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfFaultComes(Shape shape) {
        var kinds = steps(shape, 1, 120).stream()
                .flatMap(step -> step.faults().stream())
                .map(Fault::getClass)
                .collect(Collectors.toSet());

        assertThat(kinds).isEqualTo(Set.of(Fault.class.getPermittedSubclasses()));
    }

    private static List<Schedule.Step> steps(Shape shape, long seed, int many) {
        Schedule schedule = new Schedule(shape, new SplittableRandom(seed));
        return Stream.generate(schedule::next).limit(many).toList();
    }
}
