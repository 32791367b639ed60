// node examples/agents/yandex.mjs A voice agent with Yandex AI Studio: microphone, speaker, a local function, and
// searches that the service runs itself. It needs YANDEX_API_KEY and YANDEX_FOLDER_ID; VECTOR_STORE_ID may name a
// search index.
import { connect, defineAgent, defineTool } from 'voxterm';
import { z } from 'zod';

const conditions = ['ясно', 'облачно', 'дождь', 'снег', 'гроза', 'туман'];
const advice = ['Возьми лёгкую куртку.', 'Зонт пригодится.', 'Пей воду и избегай солнца.'];
const oneOf = (list, seed) => list[seed % list.length];

// Invented weather, but always the same for a city.
const getWeather = defineTool({
  name: 'get_weather',
  description: 'Получить краткую сводку погоды по городу.',
  parameters: z.object({ city: z.string().default('Москва') }),
  execute({ city }) {
    const seed = [...city].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7);
    return {
      city,
      temperature_c: (seed % 46) - 10,
      condition: oneOf(conditions, seed),
      wind_m_s: (seed % 95) / 10 + 0.5,
      advice: oneOf(advice, seed),
    };
  },
});

const agent = defineAgent({
  name: 'voice-agent',
  instructions: `Ты вежливый русскоязычный ассистент. Отвечай кратко.
    Если просят рассказать новости — используй функцию web_search.
    Если спрашивают о погоде — вызывай функцию get_weather.`,
  tools: [getWeather],
  voice: 'dasha',
});

const store = process.env.VECTOR_STORE_ID;
const session = await connect({
  agent,
  provider: process.env.VOXTERM_PROVIDER ? undefined : 'yandex',
  language: 'ru',
  sound: 'devices', // playback stops by itself when the user speaks
  settings: {
    turnDetection: { type: 'server', threshold: 0.5, silenceMs: 400 },
    serverTools: [{ type: 'web_search' }, ...(store ? [{ type: 'file_search', storeIds: [store] }] : [])],
  },
});
process.once('SIGINT', () => session.close());
console.log('Говорите. Ctrl+C — выход.');

for await (const event of session) {
  if (event.type === 'user.transcript.done') console.log(`user: ${event.text}`);
  if (event.type === 'assistant.text.done') console.log(`agent: ${event.text}`);
  if (event.type === 'tool.finished') console.log(`${event.name}: ${event.output}`);
  if (event.type === 'error') console.error(`Ошибка: ${event.message}`);
}
console.log('Выход.');
