import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerFilter, type AnswerFilterOptions } from '../../../src/engines/think/answer-filter.js';
import { callsIn } from '../../../src/engines/think/leaked-calls.js';

function filter(pieces: readonly string[], options?: AnswerFilterOptions): AnswerFilter & { said: string } {
  const made = new AnswerFilter(options);
  const said = pieces.map((piece) => made.push(piece)).join('') + made.flush();
  return Object.assign(made, { said });
}
const filtered = (...pieces: string[]): string => filter(pieces).said;

/** Every cut of the text gives the same words. */
function everyCut(
  text: string,
  options: AnswerFilterOptions,
  check: (made: AnswerFilter & { said: string }) => void,
) {
  check(filter([text], options));
  check(filter([...text], options));
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      check(
        filter(
          places.slice(1).map((end, n) => text.slice(places[n], end)),
          options,
        ),
      );
    }),
    { numRuns: 20 },
  );
}

describe('reasoning of a model', () => {
  test('is removed with the white space around it', () => {
    expect(filtered('<think>\nHm, "a < b".\n</think>\n\nGood day.')).toBe('Good day.');
    expect(filtered('Well, <THINKING>x</THINKING>yes.')).toBe('Well, yes.');
    expect(filtered('<think>never ends')).toBe('');
    expect(filtered('Hm.</think>', ' Yes.')).toBe('Yes.');
  });

  test('other tags are words', () => {
    expect(filtered('1 < 2 and <b>bold</b> and <thin')).toBe('1 < 2 and <b>bold</b> and <thin');
    expect(filtered('a[0] < b[1], [in Paris] and <answer> [')).toBe('a[0] < b[1], [in Paris] and <answer> [');
    expect(filtered('The assistant said: analysis is finally done by an ass')).toBe(
      'The assistant said: analysis is finally done by an ass',
    );
  });

  test('is removed wherever the pieces are cut', () => {
    const text = '<think>one</think>Two <thinking>three < 3</thinking>four <5';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(filtered(...places.slice(1).map((end, n) => text.slice(places[n], end)))).toBe('Two four <5');
      }),
    );
  });

  test.each([
    ['Qwen, DeepSeek, GLM', '<think>\nHm.\n</think>\n\nGood day.'],
    ['an empty thought', '<think>\n\n</think>\n\nGood day.'],
    ['attributes', '<think effort="low">Hm.</think>Good day.'],
    ['Magistral', '[THINK]Hm.[/THINK]Good day.'],
    [
      'Seed',
      '<seed:think>Hm.<seed:cot_budget_reflect>So far 5 tokens.</seed:cot_budget_reflect></seed:think>Good day.',
    ],
    ['LongCat', '<longcat_think>Hm.</longcat_think>Good day.'],
    ['Kimi', '◁think▷Hm.◁/think▷Good day.'],
    [
      'gpt-oss',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Good day.<|return|>',
    ],
    ['gpt-oss without an end', '<|channel|>analysis<|message|>Hm.<|channel|>final<|message|>Good day.'],
    ['gpt-oss without its tokens', 'analysisWe need to greet. Be kind.assistantfinalGood day.'],
    ['Reflection', '<thinking>Hm. <reflection>Oh.</reflection> So.</thinking>\n<output>\nGood day.</output>'],
    ['reflection behind the thoughts', '<thinking>Hm.</thinking><reflection>Oh.</reflection>Good day.'],
    ['Cohere', '<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Good day.<|END_RESPONSE|>'],
    ['Cohere’s text', '<|START_THINKING|>Hm.<|END_THINKING|><|START_TEXT|>Good day.<|END_TEXT|>'],
    ['Gemma', '<|channel>thought\nHm.\n<channel|>Good day.<turn|>'],
    ['Gemma, another end', '<|channel>\nHm.</channel|>\nGood day.<end_of_turn>'],
    [
      'Solar',
      '<|think|>Hm.<|end|><|begin|>assistant<|content|>Good day.<|end|>'.replace('<|begin|>assistant', ''),
    ],
    ['Apertus', '<|inner_prefix|>Hm.<|inner_suffix|>Good day.<|assistant_end|>'],
    [
      'OpenThinker',
      '<|begin_of_thought|>\nHm.\n<|end_of_thought|>\n\n<|begin_of_solution|>\nGood day.<|end_of_solution|>',
    ],
    ['GLM’s box', '<think>Hm.</think><|begin_of_box|>Good day.<|end_of_box|>'],
    ['Hunyuan', '<think>\nHm.\n</think>\n<answer>\nGood day.</answer>'],
    ['Exaone', '<thought>\nHm.\n</thought>\n\nGood day.'],
    ['Granite', 'Here is my thought process:\nHm.\nHere is my response:\nGood day.'],
    [
      'Apriel',
      'Here are my reasoning steps:\nHm.\n[BEGIN FINAL RESPONSE]\nGood day.[END FINAL RESPONSE]<|end|>',
    ],
    ['MedGemma', '<unused94>thought\nHm.<unused95>Good day.'],
    ['Marco', '<Thought>Hm.</Thought>\n<Output>Good day.</Output>'],
    ['a thought that names its own mark', '<think>The user wants <thinking> tags.</think>Good day.'],
    ['a thought that quotes its own end', '<think>It asks about `</think>`. Be kind.</think>Good day.'],
    ['only the end', 'Hm. A greeting.</think>\n\nGood day.'],
    ['only Mistral’s end', 'Hm.[/THINK]Good day.'],
    ['only Seed’s end', 'Hm.</seed:think>Good day.'],
    ['only Kimi’s end', 'Hm.◁/think▷Good day.'],
    ['only Cohere’s end', 'Hm.<|END_THINKING|>Good day.'],
    ['only Gemma’s end', 'Hm.<channel|>Good day.'],
    ['ChatML', 'Good day.<|im_end|>'],
    ['Llama', '<|start_header_id|>assistant<|end_header_id|>\n\nGood day.<|eot_id|>'],
    ['Llama 2', '<s>Good day.</s>'],
    ['DeepSeek', 'Good day.<｜end▁of▁sentence｜>'],
    [
      'a conversation that goes on',
      'Good day.<|im_end|>\n<|im_start|>user\nHow are you?<|im_end|>\n<|im_start|>assistant\nFine.',
    ],
    ['a user that the model makes up', 'Good day.<|user|>\nHow are you?'],
    ['an instruction that it makes up', 'Good day.[INST] And now? [/INST] No.'],
  ])('%s', (_name, text) => {
    everyCut(text, {}, (made) => {
      // Words before the end of thoughts that were not opened are taken back.
      if (made.closedOnly) expect(made.said.endsWith('Good day.')).toBe(true);
      else expect(made.said.trim()).toBe('Good day.');
    });
    expect(filtered(text).trim()).toBe('Good day.');
  });

  test.each([
    'Reasoning models wrap thoughts in <think> tags. You can strip them. That is all.',
    'Reasoning models wrap thoughts in `<think>` tags. You can strip them.',
    'Thoughts stand between `<think>` and `</think>`. You can strip them.',
    'Thoughts stand between “<think>” and “</think>”.\n\nMistral writes "[THINK]" and (◁think▷).',
    'One <think> opens, and another <thinking> does, too.',
    'Qwen writes `<tool_call>` before a call and `<|im_end|>` at the end.',
    'The mark is `<think>`',
  ])('a mark that is only talked about is a word: %s', (text) => {
    everyCut(text, {}, (made) => {
      expect(made.said).toBe(text);
      expect(made.takeBack()).toBe(false);
      expect(made.closedOnly).toBe(false);
      expect(made.calls).toEqual([]);
    });
    expect(filtered(`${text}<|im_end|>`)).toBe(text);
    expect(filtered(`<think>Hm.</think>\n${text}`)).toBe(text);
    everyCut(text, { startsInThought: true }, ({ said }) => expect(said).toBe(text));
  });

  test('thoughts that begin a line stay thoughts, closed or not', () => {
    expect(filtered('Well.\n<think>never ends')).toBe('Well.\n');
    expect(filtered('He said "hi"</think>"Hi" is a greeting.')).toBe('"Hi" is a greeting.');
    expect(filtered('Yes <think>a <think>b</think> c')).toBe('Yes ');
  });

  test('words that turned out to be thoughts are taken back', () => {
    const made = new AnswerFilter();
    expect(made.push('A greeting. ')).toBe('A greeting. ');
    expect(made.takeBack()).toBe(false);
    expect(made.push('So:</think>\nGood ')).toBe('Good ');
    expect(made.takeBack()).toBe(true);
    expect(made.takeBack()).toBe(false);
    expect(made.closedOnly).toBe(true);
  });

  test('a model that only closes its thoughts is waited for', () => {
    everyCut('A greeting.</think>\n\nGood day.', { startsInThought: true }, (made) => {
      expect(made.said).toBe('Good day.');
      expect(made.takeBack()).toBe(false);
      expect(made.closedOnly).toBe(true);
    });
    everyCut('Good day. <|im_end|>', { startsInThought: true }, (made) => {
      expect(made.said.trim()).toBe('Good day.');
      expect(made.closedOnly).toBe(false);
    });
    everyCut('<think>Hm.</think>Good day.', { startsInThought: true }, (made) => {
      expect(made.said).toBe('Good day.');
      expect(made.closedOnly).toBe(false);
    });
  });

  test('gpt-oss tells the user what it is about to do in a channel of its own', () => {
    expect(filtered('<|channel|>commentary<|message|>Let me look.<|end|>')).toBe('Let me look.');
  });
});

describe('calls that the server has not recognised', () => {
  const tools = ['get_time', 'echo'];
  const json = '{"name": "echo", "arguments": {"x": 1}}';
  test.each([
    ['Hermes, Qwen', `<tool_call>\n${json}\n</tool_call>`],
    ['two of them', `<tool_call>${json}</tool_call>\n<tool_call>${json}</tool_call>`],
    ['without an end', `<tool_call>${json}`],
    ['Qwen Coder', '<tool_call>\n<function=echo>\n<parameter=x>\n1\n</parameter>\n</function>\n</tool_call>'],
    ['Llama', '<function=echo>{"x": 1}</function>'],
    ['Llama with a token', '<|python_tag|>{"name": "echo", "parameters": {"x": 1}}<|eom_id|>'],
    ['Llama without markup', '{"type": "function", "name": "echo", "parameters": {"x": 1}}'],
    ['Llama 4', '[echo(x=1)]'],
    ['a fence', '```json\n{"name": "echo", "arguments": {"x": 1}}\n```'],
    ['Mistral', '[TOOL_CALLS][{"name": "echo", "arguments": {"x": 1}}]</s>'],
    ['Mistral of today', '[TOOL_CALLS]echo[ARGS]{"x": 1}</s>'],
    [
      'Kimi',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.echo:0<|tool_call_argument_begin|>{"x": 1}<|tool_call_end|><|tool_calls_section_end|>',
    ],
    [
      'DeepSeek',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>echo\n```json\n{"x": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    ],
    [
      'DeepSeek 3.2',
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="echo">\n<｜DSML｜parameter name="x" string="false">1</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    ],
    ['GLM', '<tool_call>echo\n<arg_key>x</arg_key>\n<arg_value>1</arg_value>\n</tool_call>'],
    [
      'MiniMax',
      '<minimax:tool_call>\n<invoke name="echo">\n<parameter name="x">1</parameter>\n</invoke>\n</minimax:tool_call>',
    ],
    ['Seed', '<seed:tool_call><function=echo><parameter=x>1</parameter></function></seed:tool_call>'],
    ['Gemma', '<|tool_call>call:echo{x:1}<tool_call|>'],
    [
      'Cohere',
      '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "echo", "parameters": {"x": 1}}]<|END_ACTION|>',
    ],
    ['gpt-oss', '<|channel|>commentary to=functions.echo <|constrain|>json<|message|>{"x": 1}<|call|>'],
    [
      'gpt-oss with thoughts',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.echo<|message|>{"x": 1}<|call|>',
    ],
    ['Granite', '<|tool_call|>[{"name": "echo", "arguments": {"x": 1}}]'],
    ['Phi', 'functools[{"name": "echo", "arguments": {"x": 1}}]'],
    ['Nemotron', '<TOOLCALL>[{"name": "echo", "arguments": {"x": 1}}]</TOOLCALL>'],
    ['LFM', '<|tool_call_start|>[echo(x=1)]<|tool_call_end|>'],
    ['InternLM', '<|action_start|><|plugin|>{"name": "echo", "parameters": {"x": 1}}<|action_end|>'],
    ['Jamba', '<tool_calls>[{"name": "echo", "arguments": {"x": 1}}]</tool_calls>'],
    ['Apertus', '<|tools_prefix|>[{"echo": {"x": 1}}]<|tools_suffix|>'],
    ['Doubao', '<|FunctionCallBegin|>[{"name": "echo", "parameters": {"x": 1}}]<|FunctionCallEnd|>'],
    [
      'OpenAI’s own form',
      `<tool_call>{"type": "function", "function": {"name": "echo", "arguments": "{\\"x\\": 1}"}}</tool_call>`,
    ],
    ['thoughts before', `<think>Hm.</think>\n<tool_call>${json}</tool_call>`],
  ])('are not spoken but made: %s', (_name, text) => {
    everyCut(text, { tools }, (made) => {
      expect(made.said.trim()).toBe('');
      const calls = made.calls.flatMap((span) => callsIn(span, tools));
      expect(calls.length).toBeGreaterThan(0);
      for (const { name, arguments: args } of calls) {
        expect(name).toBe('echo');
        expect(JSON.parse(args)).toEqual({ x: 1 });
      }
    });
  });

  test('words around them are said', () => {
    everyCut(`Let me see. <tool_call>${json}</tool_call> Done.`, { tools }, ({ said, calls }) => {
      expect(said).toBe('Let me see.  Done.');
      expect(calls).toHaveLength(1);
    });
  });

  test('calls without parameters, of several tools', () => {
    expect(callsIn('<tool_call>get_time</tool_call>', tools)).toEqual([
      { name: 'get_time', arguments: '{}' },
    ]);
    expect(callsIn('[get_time(), echo(x="a, b", y=True)]', tools)).toEqual([
      { name: 'get_time', arguments: '{}' },
      { name: 'echo', arguments: '{"x":"a, b","y":true}' },
    ]);
  });

  test('a call inside thoughts that are never closed is kept apart', () => {
    const made = filter([`<think>I need the tool. <tool_call>${json}</tool_call>`], { tools });
    expect(made.said).toBe('');
    expect(made.calls).toEqual([]);
    expect(made.thoughtCalls).toHaveLength(1);
  });

  test.each([
    ['{"answer": 42} is JSON.', '{"answer": 42} is JSON.'],
    ['{"name": "other", "arguments": {}}', '{"name": "other", "arguments": {}}'],
    ['`ls` lists files.', '`ls` lists files.'],
    ['[Smiles] Good day.', '[Smiles] Good day.'],
  ])('an answer that only begins like one is said: %s', (text, said) => {
    everyCut(text, { tools }, (made) => expect(made.said).toBe(said));
  });

  test('tools that were not offered are not called', () => {
    expect(callsIn('{"name": "rm", "arguments": {"x": 1}}', tools)).toEqual([]);
    expect(callsIn('<function=rm>{"x": 1}</function>', tools)).toEqual([]);
  });

  test('a text full of brackets does not cost its length squared', () => {
    const beganMs = performance.now();
    expect(callsIn('{'.repeat(100_000), tools)).toEqual([]);
    expect(filtered('<'.repeat(50_000)).length).toBe(50_000);
    expect(performance.now() - beganMs).toBeLessThan(2000);
  });
});
