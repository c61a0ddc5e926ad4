import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts the sink. `begin` says what the next requests are for, `take` what came since. */
export async function startSink() {
  const child = fork(new URL('sink.mjs', import.meta.url));
  const [{ url }] = await once(child, 'message');
  const ask = async (message) => {
    child.send(message);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return {
    url,
    begin: ({ verify = false, latencyMs = 0 } = {}) => ask({ verify, latencyMs }),
    take: () => ask({ take: true }),
    close: () => child.disconnect(),
  };
}
