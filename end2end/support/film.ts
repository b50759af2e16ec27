import { writeFile } from 'node:fs/promises';

import type { Browser } from '@playwright/test';

const size = { width: 640, height: 480 };

/** Writes a film of a QR code, as a camera would see it on a screen: grey around it, a little off the middle.
 * Chromium plays such a file as its camera (YUV4MPEG2, 4:2:0). */
export async function film(browser: Browser, svg: string, file: string): Promise<void> {
  const brightness = await draw(browser, svg);
  const noColour = Buffer.alloc((size.width * size.height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), brightness, noColour]);
  const header = Buffer.from(`YUV4MPEG2 W${size.width} H${size.height} F10:1 Ip A1:1 C420jpeg\n`);
  await writeFile(file, Buffer.concat([header, ...Array<Buffer>(10).fill(frame)]));
}

async function draw(browser: Browser, svg: string): Promise<Buffer> {
  const context = await browser.newContext({ javaScriptEnabled: true });
  const page = await context.newPage();
  const pixels = await page.evaluate(
    async ({ svg, width, height }) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const pen = canvas.getContext('2d')!;
      pen.fillStyle = '#999';
      pen.fillRect(0, 0, width, height);
      const side = height * 0.7;
      pen.drawImage(image, width * 0.2, height * 0.12, side, side);
      const { data } = pen.getImageData(0, 0, width, height);
      let text = '';
      for (let at = 0; at < data.length; at += 4) {
        text += String.fromCharCode(data[at + 1]!);
      }
      return btoa(text);
    },
    { svg, ...size },
  );
  await context.close();
  return Buffer.from(pixels, 'base64');
}

/** Arguments that make Chromium see this film through its camera, without asking anyone. */
export function cameraShowing(file: string): string[] {
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}
