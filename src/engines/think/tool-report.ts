/** A tool's result as a spoken sentence. Results with a sentence of their own (`summary`, `text`, `message`) use it. */
export function reportOf(tool: string, output: string): string {
  const value = parse(output);
  if (!isRecord(value)) {
    // The result of a handoff is an instruction for the model, not for the user.
    const agent = /^transfer_to_(.+)$/.exec(tool)?.[1];
    return agent === undefined
      ? `${nameOf(tool)} says: ${ended(spoken(value))}`
      : `This is ${words(agent)}. How can I help?`;
  }
  for (const key of ['error', 'summary', 'spoken', 'text', 'message']) {
    const sentence = value[key];
    if (typeof sentence === 'string' && sentence.trim() !== '') return ended(sentence.trim());
    if (isRecord(sentence) && typeof sentence.message === 'string') return ended(sentence.message.trim());
  }
  const facts = factsOf(value).slice(0, mostFacts);
  return facts.length === 0 ? `${nameOf(tool)} found nothing.` : `${nameOf(tool)} says: ${facts.join(', ')}.`;
}

/** More would be too long to listen to. */
const mostFacts = 8;

function factsOf(value: Readonly<Record<string, unknown>>, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const name = `${prefix}${words(key)}`;
    if (isRecord(item)) return factsOf(item, `${name} `);
    return item === null || item === undefined ? [] : [`${name} ${spoken(item)}`];
  });
}

function spoken(value: unknown): string {
  if (Array.isArray(value)) return value.slice(0, 3).map(spoken).join(' and ');
  if (isRecord(value)) return factsOf(value).join(' ');
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}

/** `windSpeed_kmh` → wind speed kmh */
function words(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
}

function nameOf(tool: string): string {
  return `The tool ${words(tool)}`;
}

function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
