import { hash } from 'node:crypto';

/**
 * Counts the events of request bodies, and adds them up in two digests that do not depend on their order: `whole` over
 * everything in an event, `core` over what every script must agree on: id, name, time, hashed address and value.
 */
export function createDigest() {
  let events = 0;
  const whole = createSum();
  const core = createSum();
  return {
    add(body) {
      for (const event of JSON.parse(body.toString()).data) {
        events += 1;
        whole.add(JSON.stringify(event));
        core.add(JSON.stringify(coreOf(event)));
      }
    },
    result: () => ({ events, whole: whole.text(), core: core.text() }),
  };
}

function coreOf({ event_id, event_name, event_time, user_data, custom_data }) {
  return [event_id, event_name, event_time, user_data.em, custom_data.value];
}

/** A sum, not an exclusive or: the same event twice must not cancel itself out. */
function createSum() {
  const parts = new Uint32Array(4);
  return {
    add(text) {
      const digest = hash('sha256', text, 'buffer');
      for (let i = 0; i < parts.length; i += 1) parts[i] += digest.readUInt32LE(i * 4);
    },
    text: () => Buffer.from(parts.buffer).toString('hex'),
  };
}
