import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { createWeatherTool } from '../../../src/tools/weather/weather.js';
import { TestProxy } from '../../network/test-proxy.js';
import { json, sunny, WeatherService } from './weather-service.js';

let service: WeatherService;

beforeEach(async () => {
  service = await WeatherService.start();
});
afterEach(() => service.stop());

function runnerFor(options: { language?: string; timeoutMs?: number } = {}) {
  const { geocodingUrl, forecastUrl } = service;
  const tool = createWeatherTool({ geocodingUrl, forecastUrl });
  return createToolRunner([tool], { env: {}, ...options });
}

async function ask(args: Record<string, unknown>, options: Parameters<typeof runnerFor>[0] = {}) {
  const call = { callId: 'c', name: 'get_weather', arguments: JSON.stringify(args) };
  const outcome = await runnerFor(options).run(call);
  const answer: unknown = JSON.parse(outcome.output);
  return { ...outcome, answer };
}

function query(index: number): Record<string, string> {
  return Object.fromEntries(service.asked[index]?.searchParams ?? []);
}

describe('get_weather', () => {
  it('returns the weather as data and as a sentence', async () => {
    const { kind, answer } = await ask({ place: 'Paris' });
    expect(kind).toBe('finished');
    expect(answer).toEqual({
      summary:
        'In Paris, Île-de-France, France it is 12 °C, partly cloudy. ' +
        'Today: light rain, up to 14 °C, down to 6 °C, 40 % chance of rain.',
      place: 'Paris, Île-de-France, France',
      timezone: 'Europe/Paris',
      units: { temperature: '°C', wind: 'km/h', precipitation: 'mm' },
      now: {
        time: '2026-03-01T12:00',
        temperature: 12.4,
        conditions: 'partly cloudy',
        feelsLike: 11.2,
        humidityPercent: 61,
        wind: 9.3,
        precipitation: 0,
      },
      days: [
        {
          date: '2026-03-01',
          weekday: 'Sunday',
          conditions: 'light rain',
          high: 14.1,
          low: 6.2,
          rainChancePercent: 40,
        },
      ],
    });
  });

  it('requests the given place and units', async () => {
    const { answer } = await ask({ place: 'Paris', units: 'imperial', days: 2 }, { language: 'pt-BR' });
    expect(query(0)).toEqual({ name: 'Paris', count: '1', language: 'pt', format: 'json' });
    expect(query(1)).toMatchObject({
      latitude: '48.85',
      longitude: '2.35',
      forecast_days: '2',
      timezone: 'auto',
      temperature_unit: 'fahrenheit',
      wind_speed_unit: 'mph',
      precipitation_unit: 'inch',
    });
    expect(answer).toMatchObject({
      units: { temperature: '°F', wind: 'mph', precipitation: 'inch' },
      days: [{ weekday: 'Sunday' }, { weekday: 'Monday', conditions: 'clear sky' }],
    });
  });

  it('leaves out values that the service does not have', async () => {
    service.forecast = (_, response) =>
      json(response, 200, {
        ...sunny,
        current: { ...sunny.current, weather_code: 1234, wind_speed_10m: null },
      });
    const { answer } = await ask({ place: 'Paris', days: 2 });
    expect(answer).toMatchObject({ summary: expect.stringContaining('it is 12 °C. Today') });
    expect(answer).not.toHaveProperty('now.conditions');
    expect(answer).not.toHaveProperty('now.wind');
    expect(answer).not.toHaveProperty(['days', 1, 'low']);
  });

  it.each([
    ['Paris, Texas'],
    ['Paris, TX'],
    ['paris , tx, USA'],
    ['Paris, U.S.'],
    ['Paris Texas'],
    ['Paris, Lamar'],
    ['Paris, Vereinigte Staaten'],
  ])('finds the right one of several places: %s', async (place) => {
    const { answer } = await ask({ place }, { language: 'de' });
    expect(answer).toMatchObject({ place: 'Paris, Texas, United States' });
  });

  it('ignores accents and case', async () => {
    const { answer } = await ask({ place: 'PARIS, ile de france' });
    expect(answer).toMatchObject({ place: 'Paris, Île-de-France, France' });
  });

  it('lists the known places when the region matches none', async () => {
    const { code, message } = failed(await ask({ place: 'Paris, Japan' }));
    expect(code).toBe('place.unknown');
    expect(message).toBe(
      'There is no place known as "Paris, Japan". Known places: Paris, Île-de-France, France; Paris, Texas, United States.',
    );
  });

  it('says that a place is unknown', async () => {
    const { code, message } = failed(await ask({ place: 'Xyzzyville' }));
    expect(code).toBe('place.unknown');
    expect(message).toContain('"Xyzzyville"');
  });

  it.each([
    [{}, /place/],
    [{ place: '  ' }, /place/],
    [{ place: 'Paris', days: 8 }, /days: .*7/],
    [{ place: 'Paris', units: 'kelvin' }, /units/],
  ])('rejects invalid arguments: %j', async (args, message) => {
    const { code, message: said } = failed(await ask(args));
    expect(code).toBe('arguments.invalid');
    expect(said).toMatch(message);
    expect(service.asked).toEqual([]);
  });
});

describe('when the service fails, the model gets a message', () => {
  it.each([
    [
      400,
      { error: true, reason: 'Latitude must be in range.' },
      'weather.refused',
      /refused.*Latitude must be in range\.$/,
    ],
    [404, 'no such page', 'weather.refused', /404/],
    [429, { error: true, reason: 'limit' }, 'weather.busy', /Try again later/],
    [503, '<html>', 'weather.down', /out of order \(HTTP 503\)/],
    [200, '<html>Log in to the hotel network</html>', 'weather.garbled', /invalid answer/],
    [200, { timezone: 'Europe/Paris' }, 'weather.garbled', /invalid answer/],
  ])('HTTP %d %j', async (status, body, code, message) => {
    service.forecast = (_, response) => json(response, status, body);
    const told = failed(await ask({ place: 'Paris' }));
    expect(told.code).toBe(code);
    expect(told.message).toMatch(message);
  });

  it('offline', async () => {
    await service.stop();
    const { code, message } = failed(await ask({ place: 'Paris' }));
    expect(code).toBe('weather.unreachable');
    expect(message).toMatch(/cannot be reached.*offline/);
  });

  it('a connection that breaks in the middle', async () => {
    service.forecast = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{');
      response.socket?.destroy();
    };
    expect(failed(await ask({ place: 'Paris' })).code).toBe('weather.unreachable');
  });

  it('too slow for the time-out: the request is aborted', async () => {
    const closed = new Promise<void>((resolve) => {
      service.forecast = (_, _response, request) => request.once('close', () => resolve());
    });
    expect(failed(await ask({ place: 'Paris' }, { timeoutMs: 200 })).code).toBe('timeout');
    await closed;
  });
});

it('rejects an invalid address with exit code 3', () => {
  for (const geocodingUrl of ['not a url', 'file:///etc/passwd']) {
    expect(() => createWeatherTool({ geocodingUrl })).toThrow(
      expect.objectContaining({
        exitCode: 3,
        hint: expect.stringContaining('VOXTERM_WEATHER_GEOCODING_URL'),
      }),
    );
  }
});

function failed(outcome: Awaited<ReturnType<typeof ask>>): { code: string; message: string } {
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${outcome.output}`);
  expect(outcome.answer).toEqual({ error: { code: outcome.code, message: outcome.message } });
  return outcome;
}

describe('get_weather behind a proxy', () => {
  async function failure(env: Record<string, string>): Promise<string> {
    const addresses = { geocodingUrl: 'https://voxterm.test/g', forecastUrl: 'https://voxterm.test/f' };
    const runner = createToolRunner([createWeatherTool(addresses, env)], { env: {} });
    const { output } = await runner.run({ callId: 'c', name: 'get_weather', arguments: '{"place":"Paris"}' });
    return output;
  }

  it('asks it, and tells its refusal from a computer that is offline', async () => {
    const proxy = await TestProxy.start();
    proxy.refusal = 403;
    const said = await failure({ HTTPS_PROXY: `http://me:hunter22@${proxy.host}` });
    expect(said).toContain(`cannot be reached: the proxy ${proxy.host} does not let us through (HTTP 403)`);
    expect(said).not.toContain('hunter22');
    expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT voxterm.test:443']);
  });

  it('says that SOCKS is not supported', async () => {
    expect(await failure({ ALL_PROXY: 'socks5://127.0.0.1:1080' })).toContain(
      'ALL_PROXY names a SOCKS proxy',
    );
  });
});
