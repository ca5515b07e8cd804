// A mail server that accepts every mail and writes it to the outbox folder, for tests that need a mail server to be set.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';

export class MailServer {
  private constructor(
    private readonly server: Server,
    /** As in the setting `mail.smtp_url`. */
    readonly url: string,
  ) {}

  /** Starts one for a data folder. */
  static async start(data: string): Promise<MailServer> {
    const server = createServer((socket) => serve(socket, path.join(data, 'outbox')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new MailServer(server, `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Ends with the connections that are open. */
  stop(): void {
    this.server.close();
  }
}

/** One connection (RFC 5321), without extensions. */
function serve(socket: Socket, outbox: string): void {
  let unread = '';
  let letter: string[] | undefined;
  // Lines are handled in order, so that a mail is written before its answer is sent.
  let work = Promise.resolve();
  const answer = (line: string) => socket.write(`${line}\r\n`);
  const take = async (line: string): Promise<void> => {
    if (letter && line === '.') {
      await keep(letter, outbox);
      letter = undefined;
      answer('250 ok');
    } else if (letter) {
      letter.push(line.replace(/^\./, ''));
    } else if (line.toUpperCase() === 'DATA') {
      letter = [];
      answer('354 go on');
    } else if (line.toUpperCase() === 'QUIT') {
      socket.end();
    } else {
      answer('250 ok');
    }
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    const lines = (unread + chunk.toString('latin1')).split('\r\n');
    unread = lines.pop()!;
    for (const line of lines) {
      work = work.then(() => take(line));
    }
  });
  answer('220 test');
}

/** Under the id that its header has, whose order is that of time. */
async function keep(letter: string[], outbox: string): Promise<void> {
  const id = letter.map((line) => /^Message-ID: <([^@]+)@/.exec(line)?.[1]).find((it) => it !== undefined);
  await mkdir(outbox, { recursive: true });
  const part = path.join(outbox, `.${id}.part`);
  await writeFile(part, letter.join('\r\n'), 'latin1');
  await rename(part, path.join(outbox, `${id}.eml`));
}
