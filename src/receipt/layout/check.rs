//! Checks of a layout: the items it must have and must not have.

use super::{COLUMNS_MAX, ITEMS_MAX, Item, Layout, LayoutError, ServiceFee};
use crate::locale::{Text, text};
use crate::receipt::document::{QUIET_MODULES, modules};
use crate::receipt::template::Field;

/// Fields that every ticket must show, wherever the layout puts them; the service fee too, unless it is never shown.
const REQUIRED: [Field; 8] = [
    Field::Cinema,
    Field::Film,
    Field::Date,
    Field::Time,
    Field::Hall,
    Field::Seat,
    Field::Price,
    Field::TicketNo,
];

/// Length of a `ticket_info_code`, in characters.
const INFO_CODE_CHARS: usize = 180;
/// Largest length of a link's address, in characters.
const URL_CHARS_MAX: usize = 120;

impl Layout {
    pub(super) fn check(&self) -> Result<(), LayoutError> {
        if self.items.len() > ITEMS_MAX {
            let count = self.items.len();
            return self.invalid(text!(
                "有 {count} 项；最多 {ITEMS_MAX} 项",
                "it has {count} items; at most {ITEMS_MAX}"
            ));
        }
        if !(192..=1280).contains(&self.narrowest_dots) {
            let dots = self.narrowest_dots;
            return self.invalid(text!(
                "narrowest_dots 为 {dots}；应为 192 到 1280",
                "narrowest_dots is {dots}; it must be 192 to 1280"
            ));
        }
        self.items.iter().try_for_each(|item| self.check_item(item))?;
        self.check_complete()
    }

    fn invalid<T>(&self, problem: impl Into<Text>) -> Result<T, LayoutError> {
        Err(LayoutError::Invalid { layout: self.name.clone(), problem: problem.into() })
    }

    fn check_item(&self, item: &Item) -> Result<(), LayoutError> {
        match item {
            Item::Row { labels, texts, .. } => {
                if !(1..=COLUMNS_MAX).contains(&texts.len()) {
                    return self.invalid(text!(
                        "每行应有 1 到 {COLUMNS_MAX} 个 texts",
                        "a row must have 1 to {COLUMNS_MAX} texts"
                    ));
                }
                if !labels.is_empty() && labels.len() != texts.len() {
                    return self.invalid((
                        "labels 要么不写，要么与 texts 一样多",
                        "a row must have no labels or as many as texts",
                    ));
                }
                Ok(())
            }
            Item::Qr { module_dots } => self.check_module(*module_dots),
            Item::Feed { dots: 0 } => {
                self.invalid(("dots 为 0；应为 1 到 255", "dots is 0; it must be 1 to 255"))
            }
            Item::Text { max_lines: 0, .. } => {
                self.invalid(("max_lines 为 0；至少为 1", "max_lines is 0; it must be 1 or more"))
            }
            Item::Link { url, .. } => {
                let plain = url.starts_with("https://") && url.bytes().all(|byte| byte.is_ascii_graphic());
                if plain && url.len() <= URL_CHARS_MAX {
                    return Ok(());
                }
                self.invalid(text!(
                    "link 的 url 应以 https:// 开头，最多 {URL_CHARS_MAX} 个 ASCII 字符",
                    "the url of a link must begin with https:// and have at most {URL_CHARS_MAX} characters of ASCII"
                ))
            }
            Item::Logo { file, width_dots, .. } => self.check_logo(file, *width_dots),
            _ => Ok(()),
        }
    }

    /// Checks the module: 4 dots scan well at 203 dots per inch; fewer only where the paper has no room for them.
    fn check_module(&self, module_dots: u8) -> Result<(), LayoutError> {
        let side = modules(INFO_CODE_CHARS) + 2 * QUIET_MODULES;
        let room = usize::from(self.narrowest_dots) / side;
        let least = room.clamp(3, 4);
        if !(least..=12).contains(&usize::from(module_dots)) {
            return self.invalid(text!(
                "module_dots 为 {module_dots}；应为 {least} 到 12",
                "module_dots is {module_dots}; it must be {least} to 12"
            ));
        }
        if usize::from(module_dots) > room {
            let dots = self.narrowest_dots;
            return self.invalid(text!(
                "module_dots 为 {module_dots}：连空白共 {side} 个模块的二维码放不进 {dots} 点；最多为 {room}",
                "module_dots is {module_dots}: the code of {side} modules, its white included, would not fit \
                 {dots} dots; at most {room}"
            ));
        }
        Ok(())
    }

    fn check_logo(&self, file: &str, width_dots: u16) -> Result<(), LayoutError> {
        let name = !file.is_empty() && !file.contains(['/', '\0']) && !file.starts_with('.');
        if !name {
            return self.invalid((
                "logo 的 file 应为版式文件旁边的文件名，如 \"logo.png\"",
                "the file of a logo must be a name beside the layout, such as \"logo.png\"",
            ));
        }
        if !(8..=self.narrowest_dots).contains(&width_dots) {
            let dots = self.narrowest_dots;
            return self.invalid(text!(
                "logo 的 width_dots 为 {width_dots}；应为 8 到 {dots}",
                "width_dots of a logo is {width_dots}; it must be 8 to {dots}"
            ));
        }
        Ok(())
    }

    fn check_complete(&self) -> Result<(), LayoutError> {
        let incomplete = |missing: Text| LayoutError::Incomplete { layout: self.name.clone(), missing };
        let fee = (self.service_fee != ServiceFee::Never).then_some(Field::Service);
        for field in REQUIRED.into_iter().chain(fee) {
            if !self.items.iter().any(|item| item.templates().any(|text| text.shows(field))) {
                return Err(incomplete(Text::same(format!("{{{}}}", field.name()))));
            }
        }
        let codes: Vec<u8> = self
            .items
            .iter()
            .filter_map(|item| if let Item::Qr { module_dots } = item { Some(*module_dots) } else { None })
            .collect();
        let [of_state] = codes.as_slice() else {
            let found = codes.len();
            return self.invalid(text!(
                "有 {found} 个 \"qr\" 项；每张票正好一个",
                "it has {found} items of kind \"qr\"; a ticket has exactly one"
            ));
        };
        let perforation = self.items.iter().position(|item| matches!(item, Item::Perforation { .. }));
        let Some(perforation) = perforation else {
            let missing = ("\"perforation\" 项（副券）", "an item of kind \"perforation\" (the stub)").into();
            return Err(incomplete(missing));
        };
        self.check_links(*of_state, perforation)
    }

    /// Checks the link: the state's code is alone on the ticket; a second one is smaller, captioned, and on the stub.
    fn check_links(&self, of_state: u8, perforation: usize) -> Result<(), LayoutError> {
        let mut links = 0;
        for (at, item) in self.items.iter().enumerate() {
            let Item::Link { caption, module_dots, .. } = item else { continue };
            links += 1;
            if at < perforation {
                return self.invalid((
                    "link 应在 perforation 之下，即副券上",
                    "a link must stand below the perforation, on the stub",
                ));
            }
            if !(3..=5).contains(module_dots) || *module_dots >= of_state {
                return self.invalid(text!(
                    "link 的 module_dots 为 {module_dots}；应为 3 到 5，且小于国家二维码的 {of_state}",
                    "module_dots of a link is {module_dots}; it must be 3 to 5, and fewer than the state's {of_state}"
                ));
            }
            if caption.is_blank() {
                return self.invalid((
                    "link 应有 caption，说明用途",
                    "a link must have a caption that says what it is for",
                ));
            }
        }
        if links > 1 {
            return self.invalid(text!("有 {links} 个 link；最多一个", "it has {links} links; at most one"));
        }
        Ok(())
    }
}
