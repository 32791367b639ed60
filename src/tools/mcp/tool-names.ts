import { createHash } from 'node:crypto';

/** The longest function name that every provider accepts. */
const longest = 64;
const hashLetters = 8;

/** The names of all servers' tools for the model: `<server>__<tool>`. A tool keeps its name for the whole session. */
export class ToolNames {
  private readonly owners = new Map<string, string>();

  of(server: string, tool: string): string {
    const owner = JSON.stringify([server, tool]);
    const plain = `${server}__${tool}`.replace(/[^A-Za-z0-9_-]/g, '_');
    const free = (name: string) => (this.owners.get(name) ?? owner) === owner;
    const name = plain.length <= longest && free(plain) ? plain : shortened(plain, owner);
    this.owners.set(name, owner);
    return name;
  }
}

function shortened(name: string, owner: string): string {
  const hash = createHash('sha256').update(owner).digest('hex').slice(0, hashLetters);
  return `${name.slice(0, longest - hashLetters - 1)}_${hash}`;
}
