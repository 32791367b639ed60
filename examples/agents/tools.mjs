// An agent with its own tools. To talk with it: node examples/agents/talk.mjs tools
import { defineAgent, defineTool } from 'voxterm';
import { z } from 'zod';

const getWeather = defineTool({
  name: 'get_weather',
  description: 'Get current weather for a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `The weather in ${city} is sunny, 72°F`,
});

const bookAppointment = defineTool({
  name: 'book_appointment',
  description: 'Book an appointment.',
  parameters: z.object({ date: z.string(), time: z.string(), service: z.string() }),
  execute: ({ date, time, service }) => `Appointment booked for ${service} on ${date} at ${time}`,
});

export const agent = defineAgent({
  name: 'Assistant',
  instructions: 'You can help with weather and appointments.',
  tools: [getWeather, bookAppointment],
});
