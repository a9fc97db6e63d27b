package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.natter.contracts.Chat.Type;
import dev.natter.platform.http.Problem.FieldError;
import dev.natter.platform.http.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NewChatTest {
    private final UUID me = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID eve = UUID.randomUUID();

    @Test
    void aDirectChatIsWithExactlyOneOther() {
        assertThat(direct(bob).others(me, 10)).containsExactly(bob);
        assertThat(direct(me, bob, bob).others(me, 10)).containsExactly(bob);

        assertThat(codes(() -> direct().others(me, 10))).containsExactly("not_two");
        assertThat(codes(() -> direct(me).others(me, 10))).containsExactly("not_two");
        assertThat(codes(() -> direct(bob, eve).others(me, 10))).containsExactly("not_two");
    }

    @Test
    void aDirectChatHasNoTitle() {
        assertThat(codes(() -> new NewChat(Type.direct, "Us", List.of(bob.toString()))))
                .containsExactly("not_allowed");
    }

    @Test
    void aGroupMayBeginWithItsOwnerAlone() {
        assertThat(group(null).others(me, 10)).isEmpty();
    }

    @Test
    void membersKeepTheirOrderAndComeOnce() {
        assertThat(group(null, eve, bob, eve, me).others(me, 10)).containsExactly(eve, bob);
    }

    @Test
    void theOwnerCountsAmongTheMostMembers() {
        assertThat(group(null, bob, eve).others(me, 3)).hasSize(2);
        assertThat(codes(() -> group(null, bob, eve).others(me, 2))).containsExactly("too_many");
    }

    @Test
    void aTitleIsOneToAHundredCodePointsWithoutTheSpaceAround() {
        assertThat(group("  Crew ").title()).isEqualTo("Crew");
        assertThat(group("🦎".repeat(100)).title()).hasSize(200);

        assertThat(codes(() -> group(" \t "))).containsExactly("too_short");
        assertThat(codes(() -> group("🦎".repeat(101)))).containsExactly("too_long");
        assertThat(codes(() -> group("a\ud800b"))).containsExactly("not_text");
        assertThat(codes(() -> group("a\u0000b"))).containsExactly("not_text");
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        assertThat(codes(() -> new NewChat(null, "", null))).containsExactly("required", "too_short", "required");
    }

    @Test
    void whatIsNotAnIdIsNamedByItsPlace() {
        var ids = Arrays.asList(
                bob.toString(), null, "", "1-1-1-1-1", bob.toString().toUpperCase(), "x".repeat(36));

        var refused = catchThrowableOfType(Refused.class, () -> new NewChat(Type.group, null, ids));

        assertThat(refused.problem().errors())
                .extracting(FieldError::field)
                .containsExactly("member_ids[1]", "member_ids[2]", "member_ids[3]", "member_ids[4]", "member_ids[5]");
    }

    private NewChat direct(UUID... ids) {
        return new NewChat(Type.direct, null, texts(ids));
    }

    private NewChat group(String title, UUID... ids) {
        return new NewChat(Type.group, title, texts(ids));
    }

    private static List<String> texts(UUID... ids) {
        return Arrays.stream(ids).map(UUID::toString).toList();
    }

    private static List<String> codes(ThrowingCallable attempt) {
        return catchThrowableOfType(Refused.class, attempt).problem().errors().stream()
                .map(FieldError::code)
                .toList();
    }
}
