package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"anna", "Анна", "a.b_c-d", "李小龙", "हिन्दी", "محمد", "user_1", "---", "Ａnna", "nino_ნინო", "é́"})
    void namesOfAnyScriptAreNames(String name) {
        assertThat(Names.isUsername(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "an na",
                "anna!",
                "anna@home",
                "anna\0",
                "anna\n",
                "a/b",
                "a\\b",
                "<b>",
                "anna\u200b",
                "\u202eanna",
                "😀😀😀",
                "\ud800nna",
                "\u3164\u3164\u3164",
                "\u115f\u1160x",
                "\u0301abc",
                "ﷺabc",
                "½½½",
                "a%b",
                "a'b"
            })
    void whatIsNoLetterDigitOrSeparatorIsNoName(String name) {
        assertThat(Names.isUsername(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "anna, ANNA",
        "анна, АННА",
        "straße, STRASSE",
        "ＡＮＮＡ, anna",
        "ﬁlip, FILIP",
        "οδος, ΟΔΟΣ",
        "οδοσ, οδος",
        "é, e\u0301",
        "ſam, sam",
        "Ǆenan, ǆenan",
        "ılker, ILKER"
    })
    void whatPeopleReadAsOneNameIsOne(String one, String other) {
        assertThat(Names.key(one)).isEqualTo(Names.key(other));
    }

    @ParameterizedTest
    @CsvSource({"anna, hanna", "anna, аnna", "a.b, a-b", "e, é"})
    void otherNamesAreOthers(String one, String other) {
        assertThat(Names.key(one)).isNotEqualTo(Names.key(other));
    }

    @Test
    void aKeyIsItsOwnKey() {
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .filter(Character::isDefined)
                .mapToObj(point -> "a" + Character.toString(point) + "b")
                .forEach(text -> assertThat(Names.key(Names.key(text)))
                        .as(() -> text + " U+" + Integer.toHexString(text.codePointAt(1)))
                        .isEqualTo(Names.key(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b.de", "anna.b+chat@mail.example.org", "анна@пример.рф", "o'neil@x-y.museum", "1@2.34"})
    void addressesThatMailGoesTo(String text) {
        assertThat(Names.isEmail(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "anna",
                "@b.de",
                "a@",
                "a@b",
                "a@@b.de",
                "a b@c.de",
                "a@b..de",
                "a..b@c.de",
                ".a@b.de",
                "a.@b.de",
                "a@-b.de",
                "a@b-.de",
                "a@b.de\n",
                "a@b.de,c@d.de",
                "<a@b.de>",
                "a@[127.0.0.1]",
                "a\0@b.de",
                "a@b.d e"
            })
    void textsThatAreNoAddresses(String text) {
        assertThat(Names.isEmail(text)).isFalse();
    }

    @Test
    void aHugeAddressIsRefusedAtOnce() {
        assertThat(Names.isEmail("a@" + "b.".repeat(30_000) + "de")).isFalse();
        assertThat(Names.isEmail("a".repeat(65) + "@b.de")).isFalse();
    }
}
