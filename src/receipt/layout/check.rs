//! Checks of a layout: the items it must have and must not have.

use super::{COLUMNS_MAX, ITEMS_MAX, Item, Layout, LayoutError, ServiceFee};
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
            return self.invalid(format!("it has {} items; at most {ITEMS_MAX}", self.items.len()));
        }
        if !(192..=1280).contains(&self.narrowest_dots) {
            return self
                .invalid(format!("narrowest_dots is {}; it must be 192 to 1280", self.narrowest_dots));
        }
        self.items.iter().try_for_each(|item| self.check_item(item))?;
        self.check_complete()
    }

    fn invalid<T>(&self, problem: String) -> Result<T, LayoutError> {
        Err(LayoutError::Invalid { layout: self.name.clone(), problem })
    }

    fn check_item(&self, item: &Item) -> Result<(), LayoutError> {
        match item {
            Item::Row { labels, texts, .. } => {
                if !(1..=COLUMNS_MAX).contains(&texts.len()) {
                    return self.invalid(format!("a row must have 1 to {COLUMNS_MAX} texts"));
                }
                if !labels.is_empty() && labels.len() != texts.len() {
                    return self.invalid("a row must have no labels or as many as texts".into());
                }
                Ok(())
            }
            Item::Qr { module_dots } => self.check_module(*module_dots),
            Item::Feed { dots: 0 } => self.invalid("dots is 0; it must be 1 to 255".into()),
            Item::Text { max_lines: 0, .. } => self.invalid("max_lines is 0; it must be 1 or more".into()),
            Item::Link { url, .. } => {
                let plain = url.starts_with("https://") && url.bytes().all(|byte| byte.is_ascii_graphic());
                if plain && url.len() <= URL_CHARS_MAX {
                    return Ok(());
                }
                self.invalid(format!(
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
            return self.invalid(format!("module_dots is {module_dots}; it must be {least} to 12"));
        }
        if usize::from(module_dots) > room {
            return self.invalid(format!(
                "module_dots is {module_dots}: the code of {side} modules, its white included, would not fit \
                 {} dots; at most {room}",
                self.narrowest_dots
            ));
        }
        Ok(())
    }

    fn check_logo(&self, file: &str, width_dots: u16) -> Result<(), LayoutError> {
        let name = !file.is_empty() && !file.contains(['/', '\0']) && !file.starts_with('.');
        if !name {
            return self
                .invalid("the file of a logo must be a name beside the layout, such as \"logo.png\"".into());
        }
        if !(8..=self.narrowest_dots).contains(&width_dots) {
            return self.invalid(format!(
                "width_dots of a logo is {width_dots}; it must be 8 to {}",
                self.narrowest_dots
            ));
        }
        Ok(())
    }

    fn check_complete(&self) -> Result<(), LayoutError> {
        let incomplete = |missing: String| LayoutError::Incomplete { layout: self.name.clone(), missing };
        let fee = (self.service_fee != ServiceFee::Never).then_some(Field::Service);
        for field in REQUIRED.into_iter().chain(fee) {
            if !self.items.iter().any(|item| item.templates().any(|text| text.shows(field))) {
                return Err(incomplete(format!("{{{}}}", field.name())));
            }
        }
        let codes: Vec<u8> = self
            .items
            .iter()
            .filter_map(|item| if let Item::Qr { module_dots } = item { Some(*module_dots) } else { None })
            .collect();
        let [of_state] = codes.as_slice() else {
            let found = codes.len();
            return self.invalid(format!("it has {found} items of kind \"qr\"; a ticket has exactly one"));
        };
        let perforation = self.items.iter().position(|item| matches!(item, Item::Perforation { .. }));
        let Some(perforation) = perforation else {
            return Err(incomplete("an item of kind \"perforation\" (the stub)".into()));
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
                return self.invalid("a link must stand below the perforation, on the stub".into());
            }
            if !(3..=5).contains(module_dots) || *module_dots >= of_state {
                return self.invalid(format!(
                    "module_dots of a link is {module_dots}; it must be 3 to 5, and fewer than the state's {of_state}"
                ));
            }
            if caption.is_blank() {
                return self.invalid("a link must have a caption that says what it is for".into());
            }
        }
        if links > 1 {
            return self.invalid(format!("it has {links} links; at most one"));
        }
        Ok(())
    }
}
