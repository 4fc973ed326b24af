/** What each role is told first, in a chat that has no messages yet. */

const GUIDES = {
  联络员: {
    command: "任务",
    steps: [
      "发「任务」，看要报什么、什么时候报。",
      "发「报送」加任务编号，按回的格式填数、附图片。",
      "把时间往前调，看到期前的提醒。",
    ],
  },
  单位负责人: {
    command: "任务",
    steps: ["发「任务」，看本单位要报什么。", "发「进度」加任务名，看进展。", "把时间往前调，看提醒和通报。"],
  },
  领导: {
    command: "排名",
    steps: ["发「排名」，看谁领先、谁滞后。", "发「进度」加任务名，看一件事的进展。", "把时间调到下周一，看领导群里的周报。"],
  },
  管理员: {
    command: "状态",
    steps: ["发「状态」，看报送情况。", "发「未报」看谁还没报，「催报」提醒他们。", "发「待审」，逐条通过或退回。"],
  },
};

const STRANGER = {
  command: "",
  steps: ["把管理员给的邀请码发过来，例如「绑定 K7Q2M9」。", "绑定以后发「任务」，看要报什么。"],
};

const OTHER = { command: "帮助", steps: ["发「帮助」，看能做什么。"] };

/** Title, steps and the first command for this person in this chat. */
export function welcomeOf(person, chat) {
  const guide = person.bound ? (GUIDES[person.role] ?? OTHER) : STRANGER;
  const command = firstCommand(person, guide);
  const title = person.bound ? `你现在是${person.name}` : `你现在是${person.name}，还没有绑定单位`;
  if (chat.kind === "single") return { title, steps: guide.steps, command };
  return {
    title: `${chat.name}还没有消息`,
    steps: ["群里的话大家都看得见。", "只有 @答卷 的话它才听得到。", "提醒和周报也会发到群里：把时间往前调就能看到。"],
    command: command && person.bound ? `@答卷 ${command}` : "",
  };
}

function firstCommand(person, { command }) {
  const whole = person.chips.filter((chip) => !chip.endsWith("…"));
  if (!person.bound) return whole.find((chip) => chip.startsWith("绑定")) ?? "";
  return whole.length === 0 || whole.includes(command) ? command : whole[0];
}
