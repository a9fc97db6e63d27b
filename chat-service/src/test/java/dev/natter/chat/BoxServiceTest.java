package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.Internal.Box;
import dev.natter.contracts.Internal.BoxEntry;
import dev.natter.contracts.Internal.Boxes;
import dev.natter.contracts.Internal.ChatIds;
import dev.natter.contracts.Internal.Circle;
import dev.natter.contracts.Internal.Circles;
import dev.natter.contracts.Internal.CirclesQuery;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Internal.Seats;
import dev.natter.contracts.Internal.UserIds;
import dev.natter.testing.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BoxServiceTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; *rel=\"next\"");

    private static ChatStage stage;

    private final UUID ann = stage.user();
    private final UUID bob = stage.user();
    private final UUID eve = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void whoIsInNoChatHasAnEmptyBox() {
        Reply reply = changed(ann, 0);

        assertThat(reply.json()).isEmpty();
        assertThat(reply.header("Natter-User-Seq")).isEqualTo("0");
        assertThat(stage.as(ann).get("/api/chats").header("Natter-User-Seq")).isEqualTo("0");
    }

    @Test
    void everyAnswerSaysTheNumberThatItIsTrueFor() {
        UUID one = stage.group(ann, bob);
        UUID two = stage.group(ann);
        stage.adds(ann, one, eve);

        for (Reply reply : List.of(
                stage.as(ann).get("/api/chats"),
                stage.as(ann).get("/api/chats/" + two),
                stage.as(ann).get("/api/chats?limit=1"),
                changed(ann, 1),
                changed(ann, 3))) {
            assertThat(reply.header("Natter-User-Seq")).isEqualTo("3");
        }
        assertThat(stage.as(ann).get("/api/chats/" + one).as(Chat.class).userSeq())
                .isEqualTo(3);
        assertThat(stage.as(ann).get("/api/chats/" + two).as(Chat.class).userSeq())
                .isEqualTo(2);
        assertThat(stage.as(bob).get("/api/chats/" + one).as(Chat.class).userSeq())
                .isEqualTo(2);
        assertThat(stage.as(eve).get("/api/chats/" + one).as(Chat.class).userSeq())
                .isEqualTo(1);
    }

    @Test
    void aPageMayReadTheNumber() {
        Reply reply = stage.as(ann).with("Origin", "http://localhost:3000").get("/api/chats");

        assertThat(reply.header("Access-Control-Expose-Headers")).contains("Natter-User-Seq");
    }

    @Test
    void whatWasMissedComesOnceAsItIsNow() {
        UUID one = stage.group(ann, bob);
        UUID two = stage.group(ann, bob);
        UUID three = stage.group(ann, bob);
        long local = 3;
        stage.as(ann).patch("/api/chats/" + one, Map.of("title", "First"));
        stage.removes(ann, three, bob);
        stage.as(ann).patch("/api/chats/" + one, Map.of("title", "Second"));
        stage.as(ann).delete("/api/chats/" + two);

        JsonNode missed = changed(bob, local).json();

        assertThat(missed).hasSize(3);
        assertThat(missed.get(0).path("id").asString()).isEqualTo(three.toString());
        assertThat(missed.get(0).path("left").asBoolean()).isTrue();
        assertThat(missed.get(0).path("left_at").isString()).isTrue();
        assertThat(missed.get(0).has("title")).isFalse();
        assertThat(missed.get(1).path("title").asString()).isEqualTo("Second");
        assertThat(missed.get(1).has("left")).isFalse();
        assertThat(missed.get(2).path("id").asString()).isEqualTo(two.toString());
        assertThat(missed.get(2).path("left").asBoolean()).isTrue();
        assertThat(missed).extracting(entry -> entry.path("user_seq").asLong()).containsExactly(5L, 6L, 7L);
        assertThat(changed(bob, 7).json()).isEmpty();
    }

    @Test
    void aTombstoneGoesWhenItsUserComesBack() {
        UUID chatId = stage.group(ann, bob);
        stage.removes(ann, chatId, bob);
        assertThat(changed(bob, 0).json()).hasSize(1).allMatch(entry -> entry.has("left"));

        stage.adds(ann, chatId, bob);

        assertThat(changed(bob, 0).json()).hasSize(1).noneMatch(entry -> entry.has("left"));
        BoxEntry back = box(bob, "since=0").entries().getFirst();
        assertThat(back.joinedSeq()).isEqualTo(3);
        assertThat(back.userSeq()).isEqualTo(3);

        stage.removes(bob, chatId, bob);

        assertThat(changed(bob, 3).json()).hasSize(1).allMatch(entry -> entry.has("left"));
    }

    @Test
    void aBoxIsTurnedPageByPage() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(stage.group(ann).toString());
        }
        String moved = made.remove(2);
        stage.as(ann).delete("/api/chats/" + moved);
        made.add(moved);

        List<String> seen = new ArrayList<>();
        int pages = 0;
        for (String next = "/api/chats?changed_since=0&limit=3"; next != null; pages++) {
            Reply reply = stage.as(ann).get(next);
            reply.json().forEach(entry -> seen.add(entry.path("id").asString()));
            String link = reply.header("Link");
            var found = NEXT.matcher(link == null ? "" : link);
            next = found.find() ? found.group(1) : null;
        }

        assertThat(seen).containsExactlyElementsOf(made);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void aNumberAboveTheBoxIsNeverSilence() {
        stage.group(ann);

        Reply ahead = changed(ann, 2);

        assertThat(ahead.status()).isEqualTo(409);
        assertThat(ahead.json().path("code").asString()).isEqualTo("ahead");
        assertThat(stage.as(ann).get("/api/chats?changed_since=x").status()).isEqualTo(422);
        assertThat(stage.as(ann).get("/api/chats?changed_since=-1").status()).isEqualTo(422);
    }

    @Test
    void aGatewayFillsHolesFromTheBox() {
        UUID one = stage.group(ann, bob);
        UUID two = stage.group(ann, bob);
        stage.appoints(ann, one, bob, Role.admin);
        stage.removes(ann, two, bob);

        Box all = box(bob, "since=0");

        assertThat(all.userId()).isEqualTo(bob);
        assertThat(all.userSeq()).isEqualTo(4);
        assertThat(all.more()).isFalse();
        assertThat(all.entries()).hasSize(2);
        BoxEntry in = all.entries().getFirst();
        assertThat(in.chatId()).isEqualTo(one);
        assertThat(in.userSeq()).isEqualTo(3);
        assertThat(in.joinedSeq()).isEqualTo(1);
        assertThat(in.version()).isEqualTo(2);
        assertThat(in.chatType()).isEqualTo(Chat.Type.group);
        assertThat(in.members()).extracting(Chat.Member::role).containsExactly(Role.owner, Role.admin);
        assertThat(in.memberCount()).isEqualTo(2);
        BoxEntry left = all.entries().getLast();
        assertThat(left.chatId()).isEqualTo(two);
        assertThat(left.userSeq()).isEqualTo(4);
        assertThat(left.joinedSeq()).isEqualTo(2);
        assertThat(left.version()).isEqualTo(2);
        assertThat(left.chatType()).isNull();
        assertThat(left.members()).isEmpty();
        assertThat(box(bob, "since=0&limit=1").more()).isTrue();
        assertThat(box(bob, "since=4").entries()).isEmpty();
        assertThat(box(eve, "since=0").userSeq()).isZero();
    }

    @Test
    void aGatewayAsksWhereManyBoxesStand() {
        stage.group(ann, bob);
        stage.group(ann);

        Boxes boxes = stage.peer()
                .post("/internal/boxes", new UserIds(Set.of(ann, bob, eve)))
                .as(Boxes.class);

        assertThat(boxes.seqs()).isEqualTo(Map.of(ann, 2L, bob, 1L, eve, 0L));
    }

    @Test
    void aGatewayAsksWhichSeatsAreTaken() {
        UUID one = stage.group(ann, bob);
        UUID two = stage.group(ann, bob);
        stage.removes(ann, two, bob);

        Seats taken = stage.peer()
                .post(
                        "/internal/seats",
                        new Seats(List.of(
                                new Seat(one, ann),
                                new Seat(one, bob),
                                new Seat(one, eve),
                                new Seat(two, bob),
                                new Seat(UUID.randomUUID(), ann))))
                .as(Seats.class);

        assertThat(taken.seats()).containsExactlyInAnyOrder(new Seat(one, ann), new Seat(one, bob));
        assertThat(stage.peer()
                        .post("/internal/seats", new Seats(List.of()))
                        .as(Seats.class)
                        .seats())
                .isEmpty();
    }

    @Test
    void aGatewayAsksWhichChatsAUserIsIn() {
        UUID one = stage.group(ann, bob);
        UUID two = stage.direct(ann, eve);

        assertThat(stage.peer()
                        .get("/internal/users/" + ann + "/chats")
                        .as(ChatIds.class)
                        .ids())
                .containsExactly(two, one);
    }

    @Test
    void aGatewayAsksWhoKnowsWhom() {
        stage.group(ann, bob);
        stage.group(bob, eve);

        UserIds acquainted = stage.peer()
                .post("/internal/users/" + ann + "/acquaintances", new UserIds(Set.of(bob, eve, UUID.randomUUID())))
                .as(UserIds.class);

        assertThat(acquainted.ids()).containsExactly(bob);
    }

    @Test
    void aGatewayAsksWhoIsInChatsIfTheyAreSmall() {
        UUID small = stage.group(ann, bob);
        UUID large = stage.group(ann, bob, eve);

        Circles circles = stage.peer()
                .post("/internal/circles", new CirclesQuery(List.of(small, large, UUID.randomUUID()), 2))
                .as(Circles.class);

        assertThat(circles.circles()).containsExactly(new Circle(small, 1, Set.of(ann, bob)));
    }

    @Test
    void onlyAnotherServiceMayAsk() {
        for (var api : List.of(stage.internal(), stage.internal().as(stage.ground.token(ann)))) {
            assertThat(List.of(
                            api.get("/internal/users/" + ann + "/box?since=0"),
                            api.get("/internal/users/" + ann + "/chats"),
                            api.post("/internal/users/" + ann + "/acquaintances", new UserIds(Set.of(bob))),
                            api.post("/internal/circles", new CirclesQuery(List.of(), 50)),
                            api.post("/internal/boxes", new UserIds(Set.of(ann))),
                            api.post("/internal/seats", new Seats(List.of()))))
                    .extracting(Reply::status)
                    .containsOnly(403);
        }
        assertThat(stage.as(ann).get("/internal/users/" + ann + "/box?since=0").status())
                .isEqualTo(404);
    }

    private static Box box(UUID user, String query) {
        return stage.peer().get("/internal/users/" + user + "/box?" + query).as(Box.class);
    }

    private static Reply changed(UUID user, long since) {
        return stage.as(user).get("/api/chats?changed_since=" + since);
    }
}
