import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Answer = (url: URL, response: ServerResponse, request: IncomingMessage) => void;

const paris = {
  name: 'Paris',
  latitude: 48.85,
  longitude: 2.35,
  country: 'France',
  country_code: 'FR',
  admin1: 'Île-de-France',
};
const parisTexas = {
  name: 'Paris',
  latitude: 33.66,
  longitude: -95.55,
  country: 'United States',
  country_code: 'US',
  admin1: 'Texas',
  admin2: 'Lamar',
};

export const sunny = {
  timezone: 'Europe/Paris',
  current: {
    time: '2026-03-01T12:00',
    temperature_2m: 12.4,
    relative_humidity_2m: 61,
    apparent_temperature: 11.2,
    precipitation: 0,
    weather_code: 2,
    wind_speed_10m: 9.3,
  },
  daily: {
    time: ['2026-03-01', '2026-03-02'],
    weather_code: [61, 0],
    temperature_2m_max: [14.1, 16],
    temperature_2m_min: [6.2, null],
    precipitation_probability_max: [40, 0],
  },
};

/** A local stand-in for Open-Meteo: knows two towns of one name, and the weather everywhere. */
export class WeatherService {
  readonly asked: URL[] = [];
  geocoding: Answer = (url, response) => {
    const known = url.searchParams.get('name')?.toLowerCase() === 'paris' ? [paris, parisTexas] : undefined;
    const count = Number(url.searchParams.get('count'));
    json(response, 200, { results: known?.slice(0, count), generationtime_ms: 0.5 });
  };
  forecast: Answer = (_, response) => json(response, 200, sunny);
  private port = 0;
  private readonly server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    this.asked.push(url);
    (url.pathname === '/search' ? this.geocoding : this.forecast)(url, response, request);
  });

  static async start(): Promise<WeatherService> {
    const service = new WeatherService();
    await new Promise<void>((resolve) => {
      service.server.listen(0, '127.0.0.1', resolve);
    });
    const address = service.server.address();
    if (address !== null && typeof address === 'object') service.port = address.port;
    return service;
  }

  get geocodingUrl(): string {
    return `http://127.0.0.1:${this.port}/search`;
  }

  get forecastUrl(): string {
    return `http://127.0.0.1:${this.port}/forecast`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
