package dev.natter.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SliceTest {
    @Test
    void aRangeIsCutToTheFile() {
        assertThat(Slice.of("bytes=0-9", 100)).isEqualTo(new Slice.Part(0, 10));
        assertThat(Slice.of("bytes=90-", 100)).isEqualTo(new Slice.Part(90, 10));
        assertThat(Slice.of("bytes=90-1000", 100)).isEqualTo(new Slice.Part(90, 10));
        assertThat(Slice.of("bytes=-10", 100)).isEqualTo(new Slice.Part(90, 10));
        assertThat(Slice.of("bytes=-1000", 100)).isEqualTo(new Slice.Part(0, 100));
        assertThat(Slice.of("bytes=99-99", 100)).isEqualTo(new Slice.Part(99, 1));
    }

    @Test
    void beyondTheEndIsNothing() {
        assertThat(Slice.of("bytes=100-", 100)).isEqualTo(new Slice.Beyond());
        assertThat(Slice.of("bytes=100-200", 100)).isEqualTo(new Slice.Beyond());
        assertThat(Slice.of("bytes=-0", 100)).isEqualTo(new Slice.Beyond());
    }

    @Test
    void whatCannotBeUnderstoodIsIgnored() {
        for (String header : new String[] {
            null,
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-b",
            "items=0-1",
            "bytes=0-1,5-6",
            "bytes=99999999999999999999-",
            "bytes=--1"
        }) {
            assertThat(Slice.of(header, 100)).as(header).isEqualTo(new Slice.Whole());
        }
    }
}
