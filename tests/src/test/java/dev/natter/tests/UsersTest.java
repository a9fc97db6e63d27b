package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@EachArrangement
class UsersTest {
    private final World world;
    private final Person anna;
    private final Person boris;

    UsersTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
    }

    @Test
    void nobodySeesAnothersAddress() {
        var user = anna.client().get("/api/users/" + boris.id()).is(200).json();

        assertThat(user.get("username").asString()).isEqualTo(boris.username());
        assertThat(user.has("email")).isFalse();
        assertThat(anna.client().get("/api/users/" + anna.id()).json().has("email"))
                .isFalse();
        assertThat(anna.client().get("/api/users?query=boris").text()).doesNotContain("email");
        assertThat(anna.client().get("/api/users/me").json().has("email")).isTrue();
    }

    @Test
    void usersAreFoundByAPartOfTheirNameTakenLiterally() {
        assertThat(anna.client().get("/api/users?query=BOR").is(200).list("id")).contains(boris.id());
        assertThat(anna.client().get("/api/users?query=oris").list("id")).contains(boris.id());
        assertThat(anna.client().get("/api/users?query=%25").list()).isEmpty();
        assertThat(anna.client().get("/api/users?query=b_ris").list("id")).doesNotContain(boris.id());
    }

    @Test
    void usersAreFoundByTheirIds() {
        String ids = anna.id() + "," + UUID.randomUUID() + "," + boris.id();

        assertThat(anna.client().get("/api/users?ids=" + ids).is(200).list("id"))
                .containsExactlyInAnyOrder(anna.id(), boris.id());
    }

    @Test
    void theListLeadsOnPageByPage() {
        world.person("clara");
        List<String> seen = new ArrayList<>();
        String page = "/api/users?limit=2";

        while (page != null) {
            Answer answer = anna.client().get(page).is(200);
            assertThat(answer.list()).hasSizeLessThanOrEqualTo(2);
            seen.addAll(answer.list("id"));
            page = answer.link("next");
        }

        assertThat(seen).doesNotHaveDuplicates().contains(anna.id(), boris.id());
    }

    @Test
    void aUserWhoDoesNotExistIsNotFound() {
        anna.client().get("/api/users/" + UUID.randomUUID()).is(404, "not_found");
        anna.client().get("/api/users/nonsense").is(404, "not_found");
    }
}
