//! Notes for the technician on each fault, in Chinese and English: causes and repair.

pub(super) const PRINTER_UNHEARD: [&str; 2] = [
    "启动后在收到打印机消息之前显示。一直不消失说明打印机的线程卡住：重启取票程序，并保留日志。",
    "Shown from the start until the printer's owner has heard from it. When it stays, the printer's thread \
         hangs: restart the kiosk and keep the log.",
];

pub(super) const PAPER_LOW: [&str; 2] = [
    "纸将尽传感器，DLE EOT 4 第 2、3 位。照常打印。换满卷后仍不消失，说明传感器位置与纸卷芯不合：按打印机手册调整。",
    "The near-end sensor, DLE EOT 4 bits 2 and 3. Printing goes on. When it stays with a full roll, the sensor's position does not fit \
         the roll's core: adjust it by the printer's manual.",
];

pub(super) const PAPER_OUT: [&str; 2] = [
    "缺纸传感器。正在打的票成为未确认；同一订单其余的票等换纸。有纸仍不消失就清洁传感器；原始状态里看 DLE EOT 4 第 5、6 位，或 USB 端口第 5 位。有纸而只有端口说缺纸时，在打印机型号文件里写 status.port = false。",
    "The paper sensor. A ticket in hand becomes uncertain; the rest of a booking waits for the roll. When it stays \
         with paper in, clean the sensor; raw status shows DLE EOT 4 with bits 5 and 6, or the USB port \
         with bit 5. Where the port alone says it, with paper in, status.port = false in the printer's profile.",
];

pub(super) const COVER_OPEN: [&str; 2] = [
    "上盖开关，DLE EOT 2 第 2 位。上盖关着仍不消失，检查铰链下和开关处有没有纸。",
    "The cover switch, DLE EOT 2 bit 2. When it stays with the cover shut, look for paper under the hinge and at \
         the switch.",
];

pub(super) const CUTTER_FAULT: [&str; 2] = [
    "DLE EOT 3 第 3 位；已用 DLE ENQ 试过一次。关机，打开上盖，有手轮的用手转动切刀，取出纸，再开机。磨损的切刀几天内还会卡：更换切刀。",
    "DLE EOT 3 bit 3; DLE ENQ was tried once. Switch off, open the cover, turn the knife's wheel by hand where there is one, take out \
         the paper, switch on. Worn knives jam again within days: change the cutter.",
];

pub(super) const HEAD_HOT: [&str; 2] = [
    "DLE EOT 3 第 6 位。会自行恢复。经常出现时检查通风和打印浓度。",
    "DLE EOT 3 bit 6. It mends itself. When it comes back often, look at ventilation and print density.",
];

pub(super) const PRINTER_UNRECOVERABLE: [&str; 2] = [
    "DLE EOT 3 第 5 位：电压、打印头或存储器。关机再开机一次；带载测量电源（24 V）；仍不行就更换打印机。",
    "DLE EOT 3 bit 5: voltage, head or memory. Switch off and on once; measure the supply (24 V under load); else \
         change the printer.",
];

pub(super) const PRINTER_OFFLINE: [&str; 2] = [
    "DLE EOT 1 第 3 位，其他字节没有给出原因：多半是有人按着走纸键，或打印机出错后在等按键。",
    "DLE EOT 1 bit 3 without any reason from the other bytes: mostly somebody holds the feed button, or the \
         printer waits for a button after an error.",
];

pub(super) const PRINTER_NOT_ANSWERING: [&str; 2] = [
    "连接是通的，但没有任何应答。型号文件不对、波特率不对、打印机死机，或 USB 转换器吞掉了应答。原始状态里可看出哪些询问没有应答。",
    "The connection is open and no question is answered. Wrong profile, wrong baud rate, a hung printer, or a USB \
         adapter that swallows answers. Raw status shows which questions went unanswered.",
];

pub(super) const PRINTER_DISCONNECTED: [&str; 2] = [
    "设备文件不在，或地址拒绝连接。查连线、电源、`ls -l /dev/usb` 和 [printer] connection。程序会一直重试。",
    "The device file is not there, or the address refuses. Cable, power, `ls -l /dev/usb`, and [printer] \
         connection. It is tried again all the time.",
];

pub(super) const PRINTER_NOT_EMPTY: [&str; 2] = [
    "票打到一半中断后，打印机还没有证明缓冲区里没有剩余内容。关机再开机即可证明。",
    "After a break in mid-ticket the printer has not proved that nothing of it is left in its buffer. Switching it \
         off and on proves it.",
];

pub(super) const TICKET_WAITING: [&str; 2] = [
    "出票口机构会一直拿着票，直到取走；遗留的票怎么办由 [presenter] 决定。那里没有票时，传感器脏了或被挡住。",
    "The presenter holds a ticket until it is taken; [presenter] says what becomes of a forgotten one. If nothing \
         lies there, its sensor is dirty or blocked.",
];

pub(super) const TICKET_UNPRINTABLE: [&str; 2] = [
    "票的二维码信息或某个字段与票面版式或打印机型号文件不合。日志写明座位和原因；pickup-kiosk preview 画出版式。同一订单其余的票照常打印。下一张票打出后自动消失。",
    "The ticket's code or a field of it does not fit the layout or the printer's profile. The log names the seat and \
         the reason; pickup-kiosk preview shows the layout. The others of its booking are printed. It goes with the next \
         ticket that comes out.",
];

pub(super) const JOURNAL_DAMAGED: [&str; 2] = [
    "损坏的文件已在 state_dir 里另存，没有覆盖。请查看（可用 sqlite3 修复其副本），处理好其中未出的票，再运行 pickup-kiosk journal start-new，或把丢失的文件放回：几秒内取票程序会自动重新启动。start-new 会说明从丢失的文件里读出了什么：那些订单的顾客会被请到柜台。在此之前没有维护菜单，pickup-kiosk maintain 会说明原因。检查磁盘：dmesg、smartctl。",
    "The damaged file was set aside in state_dir, not overwritten. Look at it (a copy may be mended with sqlite3), \
         settle what it says is owed, then run pickup-kiosk journal start-new, or bring the lost file back: within seconds \
         the kiosk is started again by itself. start-new says what it could read of the lost file: the customers of those \
         bookings are sent to the counter. The menu is not there until then: pickup-kiosk maintain says why. Look at \
         the disk: dmesg, smartctl.",
];

pub(super) const JOURNAL_REFUSED: [&str; 2] = [
    "最近一条记录没有写进去：磁盘满、只读，或读写错误；日志写明是哪一种。没有记录就不出票。每分钟重试一次，有人来取票时立即重试。",
    "The last record was not taken: full or read-only disk, or an I/O error; the log says which. Nothing is issued \
         without a record. It is tried again every minute, and at once when somebody asks.",
];

pub(super) const DISK_FULL: [&str; 2] = [
    "state_dir 所在磁盘的剩余空间少于 [journal] free_mib；不出票。用 df、du 查看；小存储卡多半是被 journald 和 apt 的缓存占满。每分钟再看一次，有人来取票时立即再看。",
    "Less than [journal] free_mib is free where state_dir is; nothing is issued. df, du; journald's and apt's \
         caches are what mostly fills a small card. It is looked at again every minute, and at once when somebody asks.",
];

pub(super) const SITE_SILENT: [&str; 2] = [
    "[sarft] address 连不上或没有应答。菜单：网络、登录影院取票服务。SarftKioskService 在运行吗？中间有防火墙吗？每 15 秒再问一次。",
    "[sarft] address can't be reached or is silent. Menu: network, SARFT sign-in. Does SarftKioskService run, does \
         a firewall stand between? It is asked again every 15 s.",
];

pub(super) const SITE_REFUSES: [&str; 2] = [
    "0x02 不是 0，或收到的内容看不懂。查用户名、密码文件和 [sarft.wire]：pickup-kiosk sarft decode 可解读抓包文件。",
    "0x02 was not 0, or nonsense came. User name, the password file, and [sarft.wire]: pickup-kiosk sarft decode \
         reads a capture.",
];

pub(super) const CLOUD_SILENT: [&str; 2] = [
    "[cloud] url 连不上：DNS、网关、证书、时钟。同时有取票号和验证码的照常取票。",
    "[cloud] url can't be reached: DNS, gateway, certificate, clock. Pickups with number and ID go on without it.",
];

pub(super) const CLOUD_REFUSES: [&str; 2] = [
    "令牌不对或已被收回，或应答不是 Vista 的。由厂商更新令牌，写进令牌文件。",
    "The token is wrong or has been withdrawn, or the answer is none of Vista's. The vendor renews the token; it goes \
         into the token file.",
];

pub(super) const SCANNER_GONE: [&str; 2] = [
    "某个 [[scanner]] 的设备打不开；程序会一直寻找。ls -l /dev/serial/by-id；菜单里的扫码器测试显示收到的内容。",
    "The device of a [[scanner]] can't be opened; it is looked for all the time. ls -l /dev/serial/by-id; the \
         menu's scanner test shows what arrives.",
];

pub(super) const KEYPAD_GONE: [&str; 2] = [
    "[keypad] 的设备打不开，或引脚被占用；程序会一直寻找。菜单里的键盘测试逐键显示。",
    "The device of [keypad] can't be opened, or its pins are taken; it is looked for all the time. The menu's keypad \
         test shows each key as it arrives.",
];

pub(super) const CLOCK_UNSET: [&str; 2] = [
    "日期早于本程序的制作日期：没有电池，也没有时间服务器。timedatectl set-ntp true。在此之前，按场次时间的规则和记录里的时间都不准。",
    "The date is before this program was made: no battery, no time server. timedatectl set-ntp true. Policies by \
         session time and the records' times are wrong until then.",
];

pub(super) const CLOCK_APART: [&str; 2] = [
    "与云端应答的 Date 相差两分钟以上。查 timedatectl、时间服务器，以及影院网络是否放行 NTP。",
    "More than two minutes from the cloud's Date. timedatectl, the time server, and whether the cinema's network \
         lets NTP through.",
];

pub(super) const SETTINGS_WRONG: [&str; 2] = [
    "pickup-kiosk check 指出文件、行和键。现场修改的配置会自动撤销（X2），kiosk.toml 里的错误不会。由 systemd 启动时，只要还读得出 [screen]、[monitor] 的地址，取票程序就停在那里显示，改正后几秒内重新启动。在此之前没有维护菜单：pickup-kiosk maintain 会说明原因。",
    "pickup-kiosk check names file, line and key. Settings changed on site are undone by themselves (X2); what is \
         wrong in kiosk.toml is not. Started by systemd, the kiosk stays on the [screen] and [monitor] addresses that it \
         can still read, and is started again within seconds of their being right. The menu is not there until then: \
         pickup-kiosk maintain says why.",
];

pub(super) const SETTINGS_UNDONE: [&str; 2] = [
    "state_dir/override.undone 写明撤销了什么、为什么。下一次成功的修改之后，或在菜单里确认已知晓之后消失。",
    "state_dir/override.undone has what was undone and why. It goes with the next change that works, or when it is \
         acknowledged in the menu.",
];

pub(super) const CLOSED_BY_STAFF: [&str; 2] = [
    "重启后仍有效。谁在何时停用有记录：pickup-kiosk journal audit。",
    "Stays over restarts. The record says who and when: pickup-kiosk journal audit.",
];

pub(super) const TICKETS_UNSETTLED: [&str; 2] = [
    "pickup-kiosk journal list --unresolved 列出这些票。",
    "pickup-kiosk journal list --unresolved has them.",
];

pub(super) const PINS_LOCKED: [&str; 2] = [
    "密码输错五次锁定一分钟，以后每错五次加倍，最长一小时。忘记密码可用 pickup-kiosk maintain --set-pin 重设。每次锁定都有记录：pickup-kiosk journal audit。",
    "Five wrong PINs lock it for a minute, each further five for twice as long, up to an hour. pickup-kiosk maintain \
         --set-pin sets a forgotten PIN anew. The record has each lock: pickup-kiosk journal audit.",
];
