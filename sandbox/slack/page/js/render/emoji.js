/** The commonest emoji shortcodes. An unknown one stays as it was written. */

const TABLE = `
  +1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 100 💯 8ball 🎱 adhesive_bandage 🩹 airplane ✈️ alarm_clock ⏰ alert 🚨 alien 👽 ambulance 🚑
  anchor ⚓ arrow_backward ◀️ arrow_down ⬇️ arrow_forward ▶️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️ arrows_counterclockwise 🔄
  arrows_clockwise 🔃 arrow_heading_up ⤴️ arrow_heading_down ⤵️ arrow_up_small 🔼 arrow_down_small 🔽 repeat 🔁
  art 🎨 astonished 😲 baby_chick 🐤 balloon 🎈 ballot_box_with_check ☑️ bangbang ‼️ bank 🏦 bar_chart 📊 battery 🔋 bee 🐝 beer 🍺 bell 🔔
  black_right_pointing_double_triangle_with_vertical_bar ⏭️
  no_bell 🔕 beetle 🐞 black_circle ⚫ black_large_square ⬛ black_square_button 🔲 blue_book 📘 blush 😊 bomb 💣 book 📖 bookmark 🔖
  bookmark_tabs 📑 books 📚 boom 💥 bow 🙇 brain 🧠 briefcase 💼 broken_heart 💔 broom 🧹 bug 🐛 building_construction 🏗️ bulb 💡 calendar 📅
  camera 📷 card_index_dividers 🗂️ chart 💹 chart_with_downwards_trend 📉 chart_with_upwards_trend 📈 checkered_flag 🏁 clap 👏
  clipboard 📋 clock1 🕐 clock12 🕛 cloud ☁️ cold_sweat 😰 coffee ☕ computer 💻 confused 😕 construction 🚧 construction_worker 👷
  credit_card 💳 crescent_moon 🌙 crossed_fingers 🤞 cry 😢 crystal_ball 🔮 dart 🎯 date 📆 desktop_computer 🖥️ disappointed 😞 dizzy 💫
  droplet 💧 ear 👂 earth_asia 🌏 elephant 🐘 email 📧 envelope ✉️ exclamation ❗ heavy_exclamation_mark ❗ eyes 👀 face_with_monocle 🧐
  fast_forward ⏩ file_cabinet 🗄️ file_folder 📁 fire 🔥 fire_engine 🚒 firefighter 🧑‍🚒 first_place_medal 🥇 flashlight 🔦 floppy_disk 💾
  four_leaf_clover 🍀 gear ⚙️ gem 💎 ghost 👻 gift 🎁 globe_with_meridians 🌐 grey_exclamation ❕ grey_question ❔ grin 😁 grinning 😀 hammer 🔨
  hammer_and_wrench 🛠️ hand ✋ handshake 🤝 hash #️⃣ heart ❤️ heavy_check_mark ✔️ heavy_minus_sign ➖ heavy_multiplication_x ✖️
  heavy_plus_sign ➕ hospital 🏥 hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 inbox_tray 📥 information_source ℹ️ japan 🗾 key 🔑 joy 😂
  kr 🇰🇷 label 🏷️ ladybug 🐞 large_blue_circle 🔵 large_green_circle 🟢 large_orange_circle 🟠 large_purple_circle 🟣 large_yellow_circle 🟡
  large_blue_square 🟦 large_green_square 🟩 large_orange_square 🟧 large_red_square 🟥 large_yellow_square 🟨 large_blue_diamond 🔷
  link 🔗 lock 🔒 lock_with_ink_pen 🔏 loud_sound 🔊 loudspeaker 📢 low_brightness 🔅 mag 🔍 mag_right 🔎 mailbox 📫 mega 📣 memo 📝 pencil 📝
  microscope 🔬 moneybag 💰 muscle 💪 mute 🔇 negative_squared_cross_mark ❎ new 🆕 newspaper 📰 no_entry ⛔ no_entry_sign 🚫
  o ⭕ ocean 🌊 ok 🆗 ok_hand 👌 open_file_folder 📂 outbox_tray 📤 package 📦 page_facing_up 📄 page_with_curl 📃 pager 📟 paperclip 📎
  partying_face 🥳 pause_button ⏸️ double_vertical_bar ⏸️ pencil2 ✏️ phone ☎️ pill 💊 point_down 👇 point_left 👈 point_right 👉 point_up ☝️
  police_car 🚓 postbox 📮 pray 🙏 pushpin 📌 question ❓ rabbit 🐰 radio_button 🔘 rage 😡 rainbow 🌈 raised_hand ✋ raised_hands 🙌 recycle ♻️
  red_circle 🔴 relieved 😌 rewind ⏪ robot_face 🤖 rocket 🚀 rotating_light 🚨 round_pushpin 📍 runner 🏃 running 🏃 sad 😢 satellite 📡
  satellite_antenna 📡 scales ⚖️ school 🏫 scissors ✂️ scream 😱 scroll 📜 see_no_evil 🙈 seedling 🌱 shield 🛡️ ship 🚢 shrug 🤷
  shushing_face 🤫 sleeping 😴 sleepy 😪 slightly_smiling_face 🙂 small_blue_diamond 🔹 small_orange_diamond 🔸 small_red_triangle 🔺
  small_red_triangle_down 🔻 smile 😄 smiley 😃 snail 🐌 snake 🐍 snowflake ❄️ sob 😭 soon 🔜 sos 🆘 sparkles ✨ speech_balloon 💬
  squirrel 🐿️ star ⭐ stethoscope 🩺 stop_button ⏹️ stop_sign 🛑 octagonal_sign 🛑 stopwatch ⏱️ sunny ☀️ sunglasses 😎 sunrise 🌅 sweat 😓
  sweat_smile 😅 tada 🎉 telephone_receiver 📞 test_tube 🧪 thermometer 🌡️ thinking_face 🤔 thought_balloon 💭 thread 🧵 ticket 🎫 timer_clock ⏲️
  tools 🛠️ toolbox 🧰 traffic_light 🚦 triangular_flag_on_post 🚩 trophy 🏆 turtle 🐢 u7981 🈲 umbrella ☂️ unicorn_face 🦄 unlock 🔓 upside_down_face 🙃
  vertical_traffic_light 🚦 video_camera 📹 wastebasket 🗑️ watch ⌚ wave 👋 waving_white_flag 🏳️ wc 🚾 whale 🐳 wheelchair ♿ white_check_mark ✅
  white_circle ⚪ white_flag 🏳️ white_large_square ⬜ wind_blowing_face 🌬️ wink 😉 wrench 🔧 x ❌ yellow_heart 💛 green_heart 💚 blue_heart 💙
  yum 😋 zap ⚡ zzz 💤 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 warning ⚠️
`;

const EMOJI = new Map(pairs(TABLE.trim().split(/\s+/)));
const SHORTCODE = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g;

/** What people pick as a reaction; the first six are one key away. */
export const QUICK_REACTIONS = [
  "eyes",
  "white_check_mark",
  "+1",
  "pray",
  "tada",
  "rotating_light",
  "x",
  "question",
  "fire",
  "zzz",
  "rocket",
  "heart",
];

/** @returns {string} the sign, or `:name:` when it is not in the table */
export function emoji(name) {
  return EMOJI.get(name.split("::")[0]) ?? `:${name}:`;
}

/** A text with its known shortcodes replaced. */
export function withEmoji(text) {
  return text.replace(SHORTCODE, (whole, name) => EMOJI.get(name) ?? whole);
}

function pairs(words) {
  const result = [];
  for (let index = 0; index < words.length; index += 2) result.push([words[index], words[index + 1]]);
  return result;
}
