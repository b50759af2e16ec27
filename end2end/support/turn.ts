import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Waits until no other worker has `thing`, takes it, and answers with the way to give it back.
 * Tests run side by side, but there is one demo consumer with points and one set of stations. */
export async function takeTurn(thing: string): Promise<() => void> {
  // All workers of one run are children of one process.
  const note = join(tmpdir(), `surtidor-${process.ppid}-${thing}`);
  while (!isTaken(note)) {
    await pause(25);
  }
  return () => unlinkSync(note);
}

function isTaken(note: string): boolean {
  try {
    writeFileSync(note, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    removeIfLeftBehind(note);
    return false;
  }
}

/** A worker that was stopped in the middle of a test cannot give anything back. */
function removeIfLeftBehind(note: string): void {
  try {
    process.kill(Number(readFileSync(note, 'utf8')), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      unlinkSync(note);
    }
  }
}
