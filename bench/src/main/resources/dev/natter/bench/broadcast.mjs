// The reference of the scenario "fanout": what npm `ws` needs to send every text it gets to everyone else.
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(`${process.argv[2]}/`)('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('connection', (socket, request) => {
  socket.listens = request.url !== '/speak';
  socket.on('message', (text) => {
    for (const client of server.clients) {
      if (client.listens) {
        client.send(text, { binary: false });
      }
    }
  });
});
server.on('listening', () => console.log(server.address().port));
