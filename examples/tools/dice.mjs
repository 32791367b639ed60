// voxterm --tool ./examples/tools/dice.mjs
// Plain JavaScript, nothing to install: the arguments are described by a JSON Schema.

export default {
  name: 'roll_dice',
  description: 'Rolls dice and tells what they show.',
  parameters: {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 1, maximum: 20, description: 'how many dice; 1 if not said' },
      sides: { enum: [4, 6, 8, 10, 12, 20], description: '6 if not said' },
    },
    additionalProperties: false,
  },
  execute({ count = 1, sides = 6 }) {
    const rolls = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
    return { rolls, total: rolls.reduce((sum, roll) => sum + roll, 0) };
  },
};
