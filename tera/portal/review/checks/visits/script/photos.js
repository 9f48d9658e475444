// Photos: made smaller by the phone itself, which leaves everything behind that the camera wrote beside them.

const MOST_SIDE = 1600, SMALL_SIDE = 96, QUALITY = 0.85;

async function drawn(blob, most) {
  const picture = await createImageBitmap(blob), scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

// Keep a photo, and return how a visit names it; it fails where this phone cannot read the file as a picture.
async function keepPhoto(item, file) {
  const canvas = await drawn(file, MOST_SIDE);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const id = newKey(), kept = { type: blob.type, bytes: await blob.arrayBuffer(), at: Date.now() };
  await idbKeyval.set(id, kept, shots);
  return { item, id };
}

// A photo that is lost leaves its place, so that it can be taken out of the visit.
async function small({ id }) {
  try {
    const { bytes, type } = await idbKeyval.get(id, shots);
    return await drawn(new Blob([bytes], { type }), SMALL_SIDE);
  } catch { return tell("lost"); }
}
