/**
 * What a piece of markup in a model's answer means. Models mark their thoughts, their calls and the end of their turn
 * with tokens of their own chat template, and servers that do not know the template pass these on as words.
 */
export type Mark =
  | { readonly kind: 'thought' | 'call'; readonly edge: 'open' | 'close'; readonly name: string }
  /** What follows names the speaker or the channel. `line`: it ends with the line. */
  | { readonly kind: 'header'; readonly line: boolean }
  /** The header is over. */
  | { readonly kind: 'body' }
  /** The message is over. */
  | { readonly kind: 'end' }
  /** Somebody else speaks: the model goes on with a conversation of its own. */
  | { readonly kind: 'stranger' }
  /** Means nothing to a listener. */
  | { readonly kind: 'nothing' }
  /** Around an answer, where there are thoughts beside it; otherwise part of it. */
  | { readonly kind: 'answer' };

/** A whole mark: `<think>`, `</seed:think>`, `<|channel|>`, `<｜tool▁calls▁begin｜>`, `[THINK]`, `◁think▷`. */
export const wholeMark =
  /<(?=[\p{L}\p{N}|｜/])[^<>\n]{1,200}>|<\|"\|>|\[\/?[A-Z][A-Z_ ]{1,24}\]|\[\/?think(?:ing)?\]|◁\/?\p{L}{2,20}▷/u;

const thoughts =
  /^(?:ant|mm|longcat)?_?(?:think|thinking|thinks|thought|thoughts|thought_process|reason|reasoning|reflection|reflect|scratchpad|analysis|inner|inner_monologue|inner_thoughts|cot_budget_reflect|unused94|unused95)$/;
const calls =
  /^(?:longcat_)?(?:tool_?calls?|function_?calls?|tool_code|tool_use|action|tools|python_tag|invoke|functions?)$/;
/** Results that a model makes up. */
const results = /^(?:tool|function)_(?:responses?|results?|outputs?)$/;
const ends =
  /^(?:end|return|call|im_end|eot|eot_id|eom_id|eod|eos|endoftext|end_of_(?:text|turn|sentence|utterance|document)|end_turn|end_of_turn_token|endofturn|\/s|assistant_end)$/;
const heads = /^(?:start|im_start|start_header_id|start_of_role|start_of_turn|startofturn)$/;
const bodies = /^(?:message|im_sep|content|end_header_id|end_of_role)$/;
const strangers = /^(?:user|human|system|developer|observation|tool|ipython|user_start|system_start)$/;
const plainTokens = /^\/?(?:s|bos|pad|unk|unused\d+)$/;
const answers = /^(?:answer|final_answer|final|response|output|solution)$/;
const edges = new Set(['begin', 'start', 'prefix', 'end', 'stop', 'suffix', 'of', 'section']);

/** The meaning of a whole mark; undefined for words, such as `<b>` or `[in Paris]`. */
export function markOf(tag: string): Mark | undefined {
  if (tag.startsWith('[')) return bracketMark(tag.slice(1, -1));
  const inner = tag.slice(1, -1);
  if (tag.startsWith('◁')) return xmlMark(inner);
  const own = /^(\/?)[|｜]\s*DSML\s*[|｜](.*)$/s.exec(inner);
  if (own !== null) return xmlMark(`${own[1]}${own[2]}`) ?? { kind: 'nothing' };
  return /[|｜]/.test(inner[0] ?? '') || /[|｜]$/.test(inner) || /^\/[|｜]/.test(inner)
    ? tokenMark(inner)
    : xmlMark(inner);
}

/** `[THINK]` of Mistral, `[BEGIN FINAL RESPONSE]` of Apriel. */
function bracketMark(inner: string): Mark | undefined {
  const edge = inner.startsWith('/') ? 'close' : 'open';
  const name = inner.replace('/', '').toLowerCase().replaceAll(' ', '_');
  if (/^think(?:ing)?$/.test(name)) return { kind: 'thought', edge, name: 'think' };
  if (/^tool_calls?$/.test(name)) return { kind: 'call', edge, name: 'tool_call' };
  if (name === 'begin_final_response') return { kind: 'thought', edge: 'close', name };
  if (/^(?:end_final_response|args|call_id)$/.test(name)) return { kind: 'nothing' };
  if (name === 'tool_results') return { kind: 'call', edge, name };
  if (name === 'inst') return edge === 'open' ? { kind: 'stranger' } : { kind: 'nothing' };
  return undefined;
}

/** `<|START_THINKING|>`, `<|inner_prefix|>`, `<|channel>` and `<channel|>` of Gemma, `<|channel|>` of gpt-oss. */
function tokenMark(inner: string): Mark {
  const opens = /^[|｜]/.test(inner);
  const closes = /[|｜]$/.test(inner);
  const slash = /^[|｜]?\//.test(inner);
  const name = inner
    .replaceAll(/[|｜/]/g, '')
    .replaceAll(/[▁\s]+/g, '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  if (name === 'channel') {
    if (opens && closes) return { kind: 'header', line: false };
    return { kind: 'thought', edge: opens && !slash ? 'open' : 'close', name };
  }
  if (ends.test(name)) return { kind: 'end' };
  if (heads.test(name)) return { kind: 'header', line: name !== 'start' };
  if (bodies.test(name)) return { kind: 'body' };
  if (strangers.test(name)) return { kind: 'stranger' };
  const words = name.split('_');
  const base = words.filter((word) => !edges.has(word)).join('_');
  const ended = slash || !opens || words.some((word) => ['end', 'stop', 'suffix'].includes(word));
  const edge = ended ? 'close' : 'open';
  if (thoughts.test(base)) return { kind: 'thought', edge, name: 'token' };
  if (calls.test(base) || results.test(base)) return { kind: 'call', edge, name: base };
  return { kind: 'nothing' };
}

/** `<think>`, `</seed:think>`, `<minimax:tool_call>`, `<function=get_time>`, `<invoke name="get_time">`. */
function xmlMark(inner: string): Mark | undefined {
  const [, slash, written = '', rest = ''] = /^(\/?)(?:[\w-]+:)?([\p{L}\p{N}_-]+)(.*)$/su.exec(inner) ?? [];
  const name = written.toLowerCase().replaceAll('-', '_');
  if (rest.trim().endsWith('/') && thoughts.test(name)) return { kind: 'nothing' };
  const edge = slash === '/' || name === 'unused95' ? 'close' : 'open';
  if (thoughts.test(name))
    return { kind: 'thought', edge, name: name.startsWith('unused9') ? 'unused' : name };
  const isCall = calls.test(name) && !/^(?:action|tools|functions)$/.test(name);
  // <function> alone is a word of somebody who explains programs.
  if (isCall && (name !== 'function' || slash === '/' || rest !== '')) return { kind: 'call', edge, name };
  if (results.test(name)) return { kind: 'call', edge, name };
  if (name === 'start_of_turn') return { kind: 'header', line: true };
  if (inner === '/s' || /^(?:end_of_turn|end_of_utterance|eos|eot|eod)$/.test(name)) return { kind: 'end' };
  if (plainTokens.test(inner)) return { kind: 'nothing' };
  return answers.test(name) && rest === '' ? { kind: 'answer' } : undefined;
}

const mostHeld = 200;
const brackets = [
  'think',
  'thinking',
  'tool_calls',
  'tool_call',
  'begin final response',
  'end final response',
  'args',
  'inst',
  'tool_results',
];

/** How many letters at the end may be the beginning of a mark. */
export function heldBack(text: string): number {
  const at = Math.max(text.lastIndexOf('<'), text.lastIndexOf('['), text.lastIndexOf('◁'));
  if (at < 0) return 0;
  const tail = text.slice(at);
  return tail.length <= mostHeld && mayBecomeMark(tail) ? tail.length : 0;
}

function mayBecomeMark(tail: string): boolean {
  if (tail.startsWith('[')) {
    const name = tail.slice(1).replace('/', '').toLowerCase();
    return brackets.some((known) => known.startsWith(name));
  }
  if (tail.startsWith('◁')) return /^◁\/?\p{L}{0,20}$/u.test(tail);
  // Names are short; only those of calls have something behind them.
  return /^<(?:\/?[|｜][^<>\n]{0,80}|\/?[\p{L}\p{N}_:.=|｜-]{0,60}|\/?(?:[\w-]+:)?(?:function|invoke|parameter|think\w*|thought|reason\w*)\s[^<>\n]*)$/u.test(
    tail,
  );
}
