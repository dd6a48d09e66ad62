// Every page works without this file; it only saves steps.
(function () {
  "use strict";
  var page = document.documentElement;
  page.classList.add("js");

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  // The sex, age and check digit of an ID number, as soon as 18 characters are there; nothing before.
  var WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function plainId(text) {
    return text.normalize("NFKC").replace(/\s/g, "").toUpperCase();
  }

  function ageOn(today, id) {
    var born = [+id.slice(6, 10), +id.slice(10, 12), +id.slice(12, 14)];
    var birthday = new Date(born[0], born[1] - 1, born[2]);
    if (birthday.getMonth() !== born[1] - 1 || birthday > today) return null;
    var before = today.getMonth() < birthday.getMonth() ||
      (today.getMonth() === birthday.getMonth() && today.getDate() < birthday.getDate());
    return today.getFullYear() - born[0] - (before ? 1 : 0);
  }

  function readId(id, words) {
    if (!/^\d{17}[\dX]$/.test(id)) return words.wrong;
    var sum = WEIGHTS.reduce(function (total, weight, n) { return total + weight * +id[n]; }, 0);
    var day = (words.today || "").split("-");
    var age = ageOn(day.length === 3 ? new Date(day[0], day[1] - 1, day[2]) : new Date(), id);
    if ("10X98765432"[sum % 11] !== id[17] || age === null) return words.wrong;
    return (+id[16] % 2 ? words.male : words.female) + " · " + words.age.replace("{}", age);
  }

  each("output[data-id-for]", function (output) {
    var input = document.getElementById(output.dataset.idFor);
    if (!input) return;
    function show() {
      var id = plainId(input.value), whole = id.length >= 18;
      output.textContent = whole ? readId(id, output.dataset) : "";
      output.classList.toggle("is-bad", whole && output.textContent === output.dataset.wrong);
    }
    input.addEventListener("input", show);
    if (input.getAttribute("aria-invalid") !== "true") show();
  });

  // data-shown-if="scope=outside,abroad": shown while one of these values is chosen in the same form.
  each("[data-shown-if]", function (part) {
    var rule = part.dataset.shownIf.split("="), form = part.closest("form") || document;
    var values = rule[1].split(",");
    function show() {
      var chosen = false;
      each('[name="' + rule[0] + '"]', function (input) {
        var off = /radio|checkbox/.test(input.type) && !input.checked;
        if (!off && values.indexOf(input.value) >= 0) chosen = true;
      }, form);
      part.hidden = !chosen;
    }
    form.addEventListener("change", show);
    show();
  });

  // A second click within five seconds does not send the form again.
  document.addEventListener("submit", function (event) {
    var form = event.target, now = Date.now();
    if (form.sentAt && now - form.sentAt < 5000) event.preventDefault();
    else if (!event.defaultPrevented) form.sentAt = now;
  });
  window.addEventListener("pageshow", function () {
    each("form", function (form) { form.sentAt = 0; });
  });

  // data-show-password="Show" data-hide-password="Hide": a password can be looked at while it is typed.
  each("input[data-show-password]", function (input) {
    var button = document.createElement("button");
    function show(shown) {
      input.type = shown ? "text" : "password";
      button.textContent = shown ? input.dataset.hidePassword : input.dataset.showPassword;
    }
    button.type = "button";
    button.className = "btn-link small";
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", function () { show(input.type === "password"); });
    input.form.addEventListener("submit", function () { show(false); });
    input.parentNode.insertBefore(button, input.nextSibling);
    show(false);
  });

  each("select[data-autosubmit]", function (select) {
    select.addEventListener("change", function () { select.form.submit(); });
  });

  // A box in the head of a table ticks the page; [data-checked-count] says how many are ticked.
  each("[data-check-all]", function (all) {
    var boxes = 'input[type=checkbox][name="' + all.dataset.checkAll + '"]';
    function count() {
      var ticked = document.querySelectorAll(boxes + ":checked").length;
      all.checked = ticked > 0 && ticked === document.querySelectorAll(boxes).length;
      each("[data-checked-count]", function (place) { place.textContent = ticked; });
      each(".bulk", function (bar) { bar.hidden = !ticked; });
      each(boxes, function (box) {
        var row = box.closest("tr");
        if (row) row.classList.toggle("selected", box.checked);
      });
    }
    all.addEventListener("change", function () {
      each(boxes, function (box) { box.checked = all.checked; });
      count();
    });
    document.addEventListener("change", function (event) {
      if (event.target.matches(boxes)) count();
    });
    count();
  });

  // Plain-HTTP offices and WeChat have no clipboard of the new kind, so the old one is used everywhere.
  function copy(text) {
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done;
  }

  function say(button, words) {
    var before = button.innerHTML;
    button.textContent = words;
    button.setAttribute("role", "status");
    setTimeout(function () { button.innerHTML = before; button.removeAttribute("role"); }, 3000);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print], [data-copy]");
    each("details.menu[open]", function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!button) return;
    if (button.hasAttribute("data-print")) return window.print();
    var source = document.getElementById(button.dataset.copy);
    if (source && copy(source.value || source.innerText)) say(button, button.dataset.copied);
    button.focus();
  });

  document.addEventListener("keydown", function (event) {
    var typing = /INPUT|TEXTAREA|SELECT/.test(event.target.tagName);
    var search = document.querySelector("[data-search], input[type=search]");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape") each("details.menu[open]", function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // On a phone the row of tabs is longer than the page.
  each(".views [aria-current]", function (tab) {
    tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft - (tab.parentNode.clientWidth - tab.clientWidth) / 2;
  });

  // The list of pages is longer than the window: the page that is open stands in sight.
  function showCurrent(list) {
    var entry = list.querySelector("[aria-current]"), below = entry && entry.offsetTop + entry.offsetHeight + 24;
    if (entry && below > list.clientHeight) list.scrollTop = entry.offsetTop - list.clientHeight / 2;
  }
  each(".side nav", showCurrent);
  each(".top details.menu", function (menu) {
    menu.addEventListener("toggle", function () { if (menu.open) showCurrent(menu.querySelector(".menu-body")); });
  });

  // What is wrong is read first; each of its lines leads to its field.
  each("[data-error-summary]", function (summary) {
    summary.focus();
    summary.addEventListener("click", function (event) {
      var link = event.target.closest("a[href^='#']");
      var field = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      (field.closest(".field") || field).scrollIntoView({block: "center"});
    });
  });
})();
