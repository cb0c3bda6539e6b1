// What a test tells a script, and how a script waits.
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
