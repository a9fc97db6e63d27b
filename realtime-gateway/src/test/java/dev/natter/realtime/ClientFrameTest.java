package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Refused;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClientFrameTest {
    private static final UUID CHAT = UUID.fromString("0199a6f1-0b2d-7e4f-8a6b-3c9d2e1f0a03");

    @Test
    void framesAreUnderstood() {
        assertThat(of("{'type':'join_chat','chat_id':'" + CHAT + "'}"))
                .isEqualTo(new ClientFrame.JoinChat(CHAT, null, null));
        assertThat(of("{'type':'join_chat','chat_id':'" + CHAT + "','since':7,'epoch':'e','new':[1]}"))
                .isEqualTo(new ClientFrame.JoinChat(CHAT, 7L, "e"));
        assertThat(of("{'type':'join_chat','chat_id':'" + CHAT + "','since':null,'epoch':null,'ref':null}"))
                .isEqualTo(new ClientFrame.JoinChat(CHAT, null, null));
        assertThat(of("{'type':'leave_chat','chat_id':'" + CHAT + "'}")).isEqualTo(new ClientFrame.LeaveChat(CHAT));
        assertThat(of("{'type':'typing','chat_id':'" + CHAT + "'}")).isEqualTo(new ClientFrame.Typing(CHAT, true));
        assertThat(of("{'type':'typing','chat_id':'" + CHAT + "','is_typing':false}"))
                .isEqualTo(new ClientFrame.Typing(CHAT, false));
        assertThat(of("{'type':'send_message','chat_id':'" + CHAT + "','content':7}"))
                .isEqualTo(new ClientFrame.SendMessage(CHAT, false));
        assertThat(of("{'type':'send_message','chat_id':'" + CHAT + "','client_id':'c'}"))
                .isEqualTo(new ClientFrame.SendMessage(CHAT, true));
        assertThat(of("{'type':'mark_read','chat_id':'" + CHAT + "'}")).isEqualTo(new ClientFrame.MarkRead(CHAT));
        assertThat(of("{'chat_id':3,'type':'ping'}")).isEqualTo(new ClientFrame.Ping());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "null", "[]", "3", "'ping'", "{", "{'type':'ping'} {}", "{'type':'ping','type':'ping'}"
            })
    void whatIsNotOneObjectIsMalformed(String text) {
        refused(text, 400, "malformed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422 | validation_failed",
                "{'type':3} | 422 | validation_failed",
                "{'type':'fly'} | 400 | malformed",
                "{'type':'ping','ref':3} | 422 | validation_failed",
                "{'type':'join_chat'} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':3} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'x'} | 404 | not_found",
                "{'type':'join_chat','chat_id':'1-1-1-1-1'} | 404 | not_found",
                "{'type':'join_chat','chat_id':'CHAT','since':-1} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'CHAT','since':1.5} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'CHAT','since':1e99} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'CHAT','since':9999999999999999999} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'CHAT','since':'1'} | 422 | validation_failed",
                "{'type':'join_chat','chat_id':'CHAT','epoch':{}} | 422 | validation_failed",
                "{'type':'typing','chat_id':'CHAT','is_typing':'yes'} | 422 | validation_failed"
            })
    void brokenRulesAreNamed(String text, int status, String code) {
        refused(text.replace("CHAT", CHAT.toString()), status, code);
    }

    @Test
    void deepJsonIsMalformed() {
        refused("[".repeat(30_000), 400, "malformed");
        refused("{'a':".repeat(10_000), 400, "malformed");
    }

    @Test
    void onlyARefThatCanBeRepeatedIsRepeated() {
        assertThat(ClientFrame.ref(read("{'ref':'a'}"))).isEqualTo("a");
        assertThat(ClientFrame.ref(read("{'ref':'\\ud83d\\udc4b'}"))).isEqualTo("👋");
        assertThat(ClientFrame.ref(read("{'ref':'\\ud83d'}"))).isNull();
        assertThat(ClientFrame.ref(read("{'ref':'" + "a".repeat(201) + "'}"))).isNull();
        assertThat(ClientFrame.ref(read("{'ref':{}}"))).isNull();
        assertThat(ClientFrame.ref(read("{}"))).isNull();
    }

    @Property(tries = 1000)
    void anyBytesAreUnderstoodOrRefused(@ForAll byte[] bytes) {
        try {
            ClientFrame.of(ClientFrame.read(bytes));
        } catch (Refused refused) {
            assertThat(refused.problem().status()).isBetween(400, 499);
        }
    }

    private static void refused(String text, int status, String code) {
        assertThatThrownBy(() -> of(text)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(status);
            assertThat(refused.problem().code()).isEqualTo(code);
        });
    }

    private static ClientFrame of(String text) {
        return ClientFrame.of(read(text));
    }

    private static JsonNode read(String text) {
        return ClientFrame.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
