export interface Region {
  readonly name: RegionName;
  readonly host: string;
  /** The host without the workspace's label. */
  readonly workspaceHost: string;
  /** Where to create keys. */
  readonly console: string;
}

/** The first is the default, as in the provider's own client. */
export const regionNames = ['china', 'international'] as const;
type RegionName = (typeof regionNames)[number];

export const regions: Readonly<Record<RegionName, Region>> = {
  china: {
    name: 'china',
    host: 'dashscope.aliyuncs.com',
    workspaceHost: 'cn-beijing.maas.aliyuncs.com',
    console: 'https://bailian.console.aliyun.com',
  },
  international: {
    name: 'international',
    host: 'dashscope-intl.aliyuncs.com',
    workspaceHost: 'ap-southeast-1.maas.aliyuncs.com',
    console: 'https://modelstudio.console.alibabacloud.com',
  },
};
