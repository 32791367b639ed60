import type { ContextItem, FunctionTool, Mind, ThinkRequest, Thought } from '../core/stages.js';
import { reportOf } from './tool-report.js';

/** A pattern of typed text, and what to do about it. The first that matches wins. */
interface Intent {
  readonly pattern: RegExp;
  answer(match: RegExpMatchArray, request: ThinkRequest): Thought;
}

const english = { language: 'en' } as const;

/**
 * The built-in mind: no model, a handful of patterns over what was typed. It calls the session's own tools and reports
 * their results, so that everything around a model can be tried without one.
 */
export const intentMind: Mind = {
  async *think(request) {
    const thought = answer(request);
    yield thought.type === 'call' ? thought : (demanded(request) ?? thought);
  },
};

function answer(request: ThinkRequest): Thought {
  if (request.idle) return say('Are you still there? You can type a message, or just speak.');
  const last = request.items.at(-1);
  if (last?.kind === 'output') return say(reportOutputs(request.items));
  const message = request.items.findLast((item) => item.kind === 'message' && item.role === 'user');
  if (message?.kind !== 'message') return say(greeting);
  if (message.text === '') return say(heardNothing(message.spokenMs));
  for (const { pattern, answer: answerTo } of intents) {
    const match = message.text.trim().match(pattern);
    if (match !== null) return answerTo(match, request);
  }
  return say(`You said: ${message.text.trim().slice(0, 300)}. ${offer(request.tools)}`);
}

/**
 * The call that the client requires where the text asks for none. A result is still reported, or it would never end.
 */
function demanded({ items, tools, mustCall }: ThinkRequest): Thought | undefined {
  if (mustCall === undefined || items.at(-1)?.kind === 'output') return undefined;
  const required = mustCall === 'any' ? tools[0] : tools.find(({ name }) => name === mustCall.name);
  return required === undefined ? undefined : call(required.name, {});
}

const greeting = 'Hello! I am the built-in assistant. Ask me for the weather or the time, or say help.';

const intents: readonly Intent[] = [
  {
    // Explicit first: the way to try any tool by hand.
    pattern: /^(?:call|run|use)\s+(?:the\s+)?(?:tool\s+)?([\w-]+)(?:\s+with)?\s*(\{.*\})?\s*$/is,
    answer: ([, name = '', json = '{}'], { tools }) => callNamed(name, json, tools),
  },
  {
    pattern: /\bweather\b|\bforecast\b|\btemperature\b|\b(?:rain|snow|sunny)\b/i,
    answer: (_, { items, tools }) => {
      const text = lastText(items);
      const place = placeIn(text);
      if (!offers(tools, 'get_weather')) return say(noTool('get_weather'));
      if (place === undefined) {
        return say('For which place? Ask me for example: what is the weather in Paris?');
      }
      return call('get_weather', { ...placeArgument(tools, 'get_weather', place), ...daysIn(text) });
    },
  },
  {
    pattern: /\b(?:time|clock|date|day is it|today)\b/i,
    answer: (_, { items, tools }) => {
      if (!offers(tools, 'get_time')) return say(`It is ${new Date().toLocaleString('en', timeStyle)}.`);
      return call('get_time', placeArgument(tools, 'get_time', placeIn(lastText(items))));
    },
  },
  {
    pattern: /^\s*(?:please\s+)?(?:repeat|say that again|again|pardon|what did you say)\b/i,
    answer: (_, { items }) => say(lastAnswer(items) ?? 'I have not said anything yet.'),
  },
  { pattern: /\b(?:help|what can you do|who are you)\b/i, answer: (_, { tools }) => say(help(tools)) },
  { pattern: /\b(?:thanks|thank you)\b/i, answer: () => say('You are welcome.') },
  { pattern: /\b(?:bye|goodbye|good night|see you)\b/i, answer: () => say('ClosingError!') },
  { pattern: /^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening))\b/i, answer: () => say(greeting) },
];

const timeStyle = { dateStyle: 'full', timeStyle: 'short' } as const;

function say(text: string): Thought {
  return { type: 'say', text, ...english };
}

function call(name: string, args: Readonly<Record<string, unknown>>): Thought {
  return { type: 'call', name, arguments: JSON.stringify(args) };
}

function callNamed(name: string, json: string, tools: readonly FunctionTool[]): Thought {
  const tool = tools.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (tool === undefined) return say(noTool(name));
  return { type: 'call', name: tool.name, arguments: json };
}

function noTool(name: string): string {
  return `This session offers no tool called ${name}.`;
}

function heardNothing(spokenMs: number | undefined): string {
  if (spokenMs === undefined) return 'I see an empty message. Type something, or say help.';
  const seconds = (spokenMs / 1000).toFixed(1);
  return `I heard ${seconds} seconds of speech. To understand words, configure a speech-to-text engine, or type to me.`;
}

function offer(tools: readonly FunctionTool[]): string {
  const hint = offers(tools, 'get_weather') ? ' Try: what is the weather in Paris?' : '';
  return `I have no language model behind me, so I know only a few requests.${hint} Say help for all of them.`;
}

function help(tools: readonly FunctionTool[]): string {
  const names = tools.map(({ name }) => name.replaceAll('_', ' '));
  const toolLine =
    names.length === 0 ? 'This session offers no tools.' : `I can call these tools: ${names.join(', ')}.`;
  return `Type a question about the weather, the time or the date, or ask me to repeat. ${toolLine} To call one directly, type: call, its name, and its arguments as JSON.`;
}

function offers(tools: readonly FunctionTool[], name: string): boolean {
  return tools.some((tool) => tool.name === name);
}

/** A place under the name the tool's schema has for it; nothing where it has none. */
function placeArgument(
  tools: readonly FunctionTool[],
  name: string,
  place: string | undefined,
): Readonly<Record<string, string>> {
  const properties = tools.find((tool) => tool.name === name)?.parameters?.properties;
  const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const key = known.find((candidate) => ['place', 'location', 'city', 'timezone'].includes(candidate));
  return key === undefined || place === undefined ? {} : { [key]: place };
}

/** Today is the tool's default. */
function daysIn(text: string): Readonly<Record<string, number>> {
  if (/\bweek\b/i.test(text)) return { days: 7 };
  return /\btomorrow\b/i.test(text) ? { days: 2 } : {};
}

function lastText(items: readonly ContextItem[]): string {
  const last = items.findLast((item) => item.kind === 'message' && item.role === 'user');
  return last?.kind === 'message' ? last.text : '';
}

function lastAnswer(items: readonly ContextItem[]): string | undefined {
  const last = items.findLast(
    (item) => item.kind === 'message' && item.role === 'assistant' && item.text !== '',
  );
  return last?.kind === 'message' ? last.text : undefined;
}

/** "… in San Francisco tomorrow?" → San Francisco */
export function placeIn(text: string): string | undefined {
  const [, rest = ''] = text.match(/\b(?:in|at|for|of)\s+(?!the\s+(?:moment|weather)\b)(.+)$/is) ?? [];
  const place = rest
    .replace(
      /\b(?:right now|now|today|tonight|tomorrow|this (?:week|morning|afternoon|evening)|please|like|is it)\b.*$/is,
      '',
    )
    .replace(/[?!.,;\s]+$/, '')
    .trim();
  return place === '' ? undefined : place;
}

/** Every result since the user last spoke, in the order of the calls. */
function reportOutputs(items: readonly ContextItem[]): string {
  const since = items.findLastIndex((item) => item.kind === 'message' && item.role === 'user');
  const recent = items.slice(since + 1);
  const reports = recent.flatMap((item) => {
    if (item.kind !== 'output') return [];
    const called = items.find((other) => other.kind === 'call' && other.callId === item.callId);
    return [reportOf(called?.kind === 'call' ? called.name : 'the tool', item.output)];
  });
  return reports.join(' ');
}
