/** What the page says about itself: connection, banner, toast, the count in the title. */

import { byId } from "./dom.js";

const BANNER_DELAY = 1500;
const TOAST_TIME = 6000;
const LOST = "连不上服务，正在自动重试。写好的内容都还在。";

export class Notices {
  constructor({ onRetry }) {
    this.title = document.title;
    this.onTap = null;
    byId("banner-retry").addEventListener("click", onRetry);
    byId("toast").addEventListener("click", () => this.tap());
  }

  connected() {
    clearTimeout(this.bannerTimer);
    this.bannerTimer = null;
    byId("banner").hidden = true;
    this.link("open", "已连接");
  }

  /** A short break shows in the corner only; the banner comes when it lasts, or with a reason to tell. */
  lost(reason) {
    this.link("lost", "正在重连");
    if (reason) this.banner(reason);
    else this.bannerTimer ??= setTimeout(() => this.banner(LOST), BANNER_DELAY);
  }

  link(state, text) {
    byId("connection").dataset.state = state;
    byId("connection").firstElementChild.textContent = text;
  }

  banner(text) {
    byId("banner-text").textContent = text;
    byId("banner").hidden = false;
  }

  /** What can be tapped is not covered by what can not. */
  toast(text, onTap = null) {
    byId("announce").textContent = text;
    if (this.onTap && !onTap) return;
    clearTimeout(this.toastTimer);
    this.onTap = onTap;
    byId("toast").textContent = onTap ? `${text}　点开看` : text;
    byId("toast").hidden = false;
    this.toastTimer = setTimeout(() => this.hideToast(), TOAST_TIME);
  }

  tap() {
    const onTap = this.onTap;
    this.hideToast();
    onTap?.();
  }

  hideToast() {
    byId("toast").hidden = true;
    this.onTap = null;
  }

  count(unread) {
    document.title = unread > 0 ? `(${unread}) ${this.title}` : this.title;
  }
}
