import http from 'node:http';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type ConnectProxy = {
  readonly port: number;
  /** What was asked for, in order. */
  readonly asked: { readonly authority: string; readonly headers: http.IncomingHttpHeaders }[];
  /** What went through all tunnels from client to server, as it was seen on the way. */
  readonly seen: () => Buffer;
  readonly close: () => Promise<void>;
};

/** Answers a CONNECT: with a status that is not 200, with nothing at all, or with a tunnel to a port of this machine. */
export type ProxyAnswer = { readonly status: number } | 'silence' | { readonly tunnelTo: number };

/** An HTTP proxy on loopback that knows CONNECT and nothing else. */
export async function startProxy(answer: ProxyAnswer): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const seen: Buffer[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  };
  const server = http.createServer((_, response) => response.writeHead(405).end());
  server.on('connection', keep);
  server.on('connect', (request: http.IncomingMessage, client: Socket) => {
    asked.push({ authority: request.url ?? '', headers: request.headers });
    if (answer === 'silence') return;
    if ('status' in answer) {
      client.end(
        `HTTP/1.1 ${answer.status} No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const api = net.connect(answer.tunnelTo, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (data: Buffer) => seen.push(data));
      client.pipe(api).pipe(client);
    });
    keep(api);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    seen: () => Buffer.concat(seen),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
