package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchTest {
    @Test
    void aShortTextIsABeginningAndALongerOneIsAnyPart() {
        assertThat(Search.pattern("")).isEqualTo("%");
        assertThat(Search.pattern("An")).isEqualTo("an%");
        assertThat(Search.pattern("Ann")).isEqualTo("%ann%");
        assertThat(Search.pattern("李龙")).isEqualTo("李龙%");
    }

    @Test
    void wildcardsStandForThemselves() {
        assertThat(Search.pattern("%")).isEqualTo("\\%%");
        assertThat(Search.pattern("a_b")).isEqualTo("%a\\_b%");
        assertThat(Search.pattern("\\")).isEqualTo("\\\\%");
    }
}
