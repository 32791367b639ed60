import { describe, expect, test } from 'vitest';
import { placeIn } from '../../../src/engines/think/intents.js';
import { reportOf } from '../../../src/engines/think/tool-report.js';
import { record, SessionDriver } from '../../simulator/session-driver.js';

const weather = {
  type: 'function',
  name: 'get_weather',
  parameters: { properties: { place: {}, days: {} } },
};
const time = { type: 'function', name: 'get_time', parameters: { properties: { timezone: {} } } };

/** What the built-in mind says to a typed message, or which call it makes. */
async function answer(text: string, tools: readonly object[] = [weather, time]): Promise<unknown> {
  const driver = new SessionDriver();
  driver.update({ tools, output_modalities: ['text'] });
  await driver.ask(text);
  const { output } = record(driver.last('response.done').response);
  const item = record(Array.isArray(output) ? output[0] : undefined);
  if (item.type === 'function_call') return { [String(item.name)]: JSON.parse(String(item.arguments)) };
  return driver.last('response.output_text.done').text;
}

describe('typed text', () => {
  test.each<[string, object]>([
    ['What is the weather in Paris?', { get_weather: { place: 'Paris' } }],
    ["what's the weather like in San Francisco right now?", { get_weather: { place: 'San Francisco' } }],
    ['Will it rain in Oslo tomorrow?', { get_weather: { place: 'Oslo', days: 2 } }],
    ['weather forecast for Köln this week', { get_weather: { place: 'Köln', days: 7 } }],
    ['What time is it?', { get_time: {} }],
    ['what time is it in Tokyo', { get_time: { timezone: 'Tokyo' } }],
    ['call get_time with {"timezone":"UTC"}', { get_time: { timezone: 'UTC' } }],
    ['run the tool GET_WEATHER {"place":"Rome"}', { get_weather: { place: 'Rome' } }],
  ])('"%s" calls the tool', async (text, call) => {
    expect(await answer(text)).toEqual(call);
  });

  test.each<[string, RegExp]>([
    ['What is the weather?', /^For which place\?/],
    ['hello', /^Hello!/],
    ['help', /I can call these tools: get weather, get time\./],
    ['repeat', /I have not said anything yet/],
    ['thank you', /You are welcome/],
    ['goodbye', /ClosingError/],
    ['call nothing_like_this', /offers no tool called nothing_like_this/],
    ['the meaning of life', /^You said: the meaning of life\. I have no language model/],
  ])('"%s" is answered', async (text, said) => {
    expect(await answer(text)).toMatch(said);
  });

  test('without tools it says so, and tells the time itself', async () => {
    expect(await answer('weather in Paris', [])).toBe('This session offers no tool called get_weather.');
    expect(await answer('what time is it', [])).toMatch(/^It is .*\d\d?:\d\d/);
    expect(await answer('help', [])).toMatch(/This session offers no tools/);
  });

  test('a tool is not called when tool_choice is none', async () => {
    const driver = new SessionDriver();
    driver.update({ tools: [weather], tool_choice: 'none', output_modalities: ['text'] });
    await driver.ask('weather in Paris');
    expect(driver.last('response.output_text.done').text).toMatch(/no tool called get_weather/);
  });

  test('a result is reported, and repeated when asked', async () => {
    const driver = new SessionDriver();
    driver.update({ tools: [weather], output_modalities: ['text'] });
    await driver.ask('weather in Paris');
    const { call_id } = record(driver.last('response.output_item.done').item);
    const output = '{"summary":"In Paris it is 18 °C, sunny."}';
    driver.send(
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id, output } },
      { type: 'response.create' },
    );
    await driver.clock.advance(5000);
    expect(driver.last('response.output_text.done').text).toBe('In Paris it is 18 °C, sunny.');
    await driver.ask('say that again');
    expect(driver.last('response.output_text.done').text).toBe('In Paris it is 18 °C, sunny.');
  });
});

test.each([
  ['{"summary":"All fine."}', 'All fine.'],
  ['{"error":{"code":"tool.timeout","message":"It took too long"}}', 'It took too long.'],
  ['{"error":"broken"}', 'broken.'],
  ['{"temperature":18.456,"windSpeed":7}', 'The tool get weather says: temperature 18.46, wind speed 7.'],
  ['{"now":{"sky":"clear"},"tags":["a","b"]}', 'The tool get weather says: now sky clear, tags a and b.'],
  ['just words', 'The tool get weather says: just words.'],
  ['{}', 'The tool get weather found nothing.'],
  ['[1,2,3,4]', 'The tool get weather says: 1 and 2 and 3.'],
])('the result %s becomes words', (output, words) => {
  expect(reportOf('get_weather', output)).toBe(words);
});

test('the result of a handoff is not read out, and a sentence ends once', () => {
  expect(reportOf('transfer_to_Billing_Desk', 'You are Billing Desk now.')).toBe(
    'This is billing desk. How can I help?',
  );
  expect(reportOf('transfer_to_x', '{"error":{"code":"x","message":"No."}}')).toBe('No.');
  expect(reportOf('greet', 'Hello.')).toBe('The tool greet says: Hello.');
});

test.each([
  ['weather in New York, please', 'New York'],
  ['weather at the moment', undefined],
  ['weather', undefined],
  ['what is the weather of Rio de Janeiro like?', 'Rio de Janeiro'],
])('the place in "%s"', (text, place) => {
  expect(placeIn(text)).toBe(place);
});
