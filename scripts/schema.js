// Writes the JSON Schema of every line that --json prints, from the same zod schemas the types come from.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { loadSource } from './load-source.js';

const { lineSchema } = await loadSource('terminal/ndjson-schema.ts');
// 'input' allows unknown fields: a later version may add some.
const schema = z.toJSONSchema(lineSchema, { target: 'draft-2020-12', io: 'input' });
const titled = {
  ...schema,
  title: 'voxterm --json, one line',
  $comment: 'Generated; docs/ndjson.md explains it.',
};
writeFileSync(new URL('../dist/events.schema.json', import.meta.url), `${JSON.stringify(titled, null, 2)}\n`);
