// What runs beside the page, so that the page never waits: takes files, tells of its
// progress, gives the report, and afterwards where the lines lie that prove it.

import { verify } from './verify.mjs';

let locate = null;

self.onmessage = async ({ data }) => {
  if (data.locate) {
    self.postMessage({ asked: data.asked, places: locate(data.locate) });
    return;
  }
  try {
    const { locate: where, ...answer } = await verify({
      ...data,
      progress: (progress, doing) => self.postMessage({ progress, doing }),
    });
    locate = where;
    self.postMessage({ answer });
  } catch (problem) {
    self.postMessage({ problem: String(problem?.message ?? problem) });
  }
};
