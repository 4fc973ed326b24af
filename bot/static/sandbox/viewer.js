/** Pictures enlarged: fit or full size, one after the other. */

import { byId } from "./dom.js";

export class Viewer {
  constructor() {
    this.dialog = byId("viewer");
    this.pictures = [];
    this.index = 0;
    byId("viewer-close").addEventListener("click", () => this.dialog.close());
    byId("viewer-zoom").addEventListener("click", () => this.zoom(!this.isLarge));
    byId("viewer-previous").addEventListener("click", () => this.turn(-1));
    byId("viewer-next").addEventListener("click", () => this.turn(1));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => this.backdrop(event));
  }

  /** Opens at one picture of these messages. */
  open(messages, media) {
    const shown = messages.flatMap(({ sender, attachments }) => attachments.map((each) => ({ sender, media: each })));
    this.pictures = shown.filter((each) => each.media.kind === "image");
    this.index = Math.max(0, this.pictures.findIndex((each) => each.media === media));
    this.show();
    this.dialog.showModal();
    byId("viewer-stage").focus();
  }

  show() {
    const { media, sender } = this.pictures[this.index];
    const place = this.pictures.length > 1 ? `（${this.index + 1}/${this.pictures.length}）` : "";
    const size = media.width && media.height ? `${media.width}×${media.height}` : "";
    byId("viewer-name").textContent = [sender, media.name, size].filter(Boolean).join(" · ") + place;
    byId("viewer-image").src = media.url;
    byId("viewer-image").alt = `图片 ${media.name ?? ""}`;
    byId("viewer-save").href = media.url;
    byId("viewer-save").download = media.name ?? "";
    byId("viewer-previous").hidden = this.index === 0;
    byId("viewer-next").hidden = this.index === this.pictures.length - 1;
    this.zoom(false);
  }

  zoom(isLarge) {
    this.isLarge = isLarge;
    this.dialog.classList.toggle("large", isLarge);
    byId("viewer-zoom").setAttribute("aria-label", isLarge ? "缩小到适合屏幕" : "放大");
    byId("viewer-stage").scrollTo(0, 0);
  }

  turn(step) {
    const index = this.index + step;
    if (!this.pictures[index]) return;
    this.index = index;
    this.show();
    if (document.activeElement?.hidden) byId("viewer-stage").focus();
  }

  key({ key }) {
    if (this.isLarge) return;
    if (key === "ArrowLeft") this.turn(-1);
    if (key === "ArrowRight") this.turn(1);
  }

  backdrop({ target }) {
    if (target === this.dialog || target === byId("viewer-stage")) this.dialog.close();
  }
}
