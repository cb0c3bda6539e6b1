// What a test tells a script, and what scripts have in common.
import {Agent} from 'node:https';
import {connect} from 'node:net';

export const since = '2020-01-01T00:00:00Z';

/** An agent for addresses that begin with https, whose connections lead to a server that speaks http. */
export function agentFor(endpoint) {
  const server = new URL(endpoint);
  return new (class extends Agent {
    createConnection() {
      return connect(Number(server.port), server.hostname);
    }
  })();
}

export async function readTold() {
  let text = '';
  for await (const part of process.stdin) {
    text += part;
  }

  return JSON.parse(text);
}

export async function waitFor(look) {
  for (let tries = 0; tries < 600; tries++) {
    const found = await look();
    if (found) {
      return found;
    }

    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  throw new Error('waited 30 s in vain');
}
