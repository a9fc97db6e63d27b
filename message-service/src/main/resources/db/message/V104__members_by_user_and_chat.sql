-- Whether somebody is in one chat is asked by every send and page. With an index of users alone that could become a search among all
-- their chats, which is much for a bot in a hundred thousand.
CREATE INDEX member_user_chat ON member (user_id, chat_id);
DROP INDEX member_user;
