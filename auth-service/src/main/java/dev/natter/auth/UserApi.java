package dev.natter.auth;

import dev.natter.contracts.Internal.UserIds;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.token.Caller;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Shows users: to themselves, to each other, and to other services. */
final class UserApi {
    private final Users users;

    UserApi(Users users) {
        this.users = users;
    }

    void routes(Routes open, Routes internal) {
        open.get("/api/users/me", this::me);
        open.get("/api/users", this::list);
        open.get("/api/users/{user_id}", this::get);
        internal.peer(Method.POST, "/internal/users/known", this::known);
    }

    private void me(ServerRequest request, ServerResponse response, Caller caller) {
        Users.Account account = users.find(caller.userId())
                .orElseThrow(() -> Problems.goneUser().refuse());
        Json.send(response, Status.OK_200, Me.of(account));
    }

    private void get(ServerRequest request, ServerResponse response, Caller caller) {
        UUID id = Query.pathId(request, "user_id", "user");
        Users.Account account =
                users.find(id).orElseThrow(() -> Problem.notFound("user").refuse());
        Json.send(response, Status.OK_200, account.user());
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        Search search = Search.of(request);
        List<Users.Account> found = users.page(search.andOneMore());
        List<Users.Account> page = found.subList(0, Math.min(search.limit(), found.size()));
        if (found.size() > page.size()) {
            String cursor = Search.cursor(page.getLast().user().username());
            Query.link(request, response, "next", Map.of("cursor", cursor));
        }
        Json.send(
                response, Status.OK_200, page.stream().map(Users.Account::user).toList());
    }

    private void known(ServerRequest request, ServerResponse response) {
        UserIds asked = Json.read(request, UserIds.class);
        Set<UUID> ids = asked.ids() == null ? Set.of() : asked.ids();
        Json.send(response, Status.OK_200, new UserIds(users.known(ids)));
    }
}
