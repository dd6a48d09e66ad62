// What a mark of a chart says, for mouse, finger and keyboard; without this file the browser shows its <title> to the mouse.
(function () {
  "use strict";
  var tip = document.createElement("div"), told = null;
  tip.className = "chart-tip";
  tip.hidden = true;
  document.body.appendChild(tip);

  function words(mark) {
    var said = mark.querySelector("title");
    if (said) {
      mark.setAttribute("data-tip", said.textContent);
      said.remove();
    }
    return mark.getAttribute("data-tip");
  }

  function markOf(target) {
    if (!target || !target.closest) return null;
    var near = target.closest(".chart a, .chart g, .chart path, .chart rect, .chart circle, [data-tip]");
    while (near && !near.hasAttribute("data-tip") && !near.querySelector("title")) {
      near = near.parentNode.closest && near.parentNode.closest(".chart a, .chart g, [data-tip]");
    }
    return near;
  }

  function hideTip() {
    tip.hidden = true;
    told = null;
  }

  function showTip(event) {
    var mark = markOf(event.target);
    if (!mark) return hideTip();
    if (mark === told) return;
    told = mark;
    tip.textContent = words(mark);
    tip.hidden = false;
    placeTip(mark, event);
  }

  function placeTip(mark, event) {
    var box = mark.getBoundingClientRect(), own = tip.getBoundingClientRect();
    var left = box.left + box.width / 2 - own.width / 2, top = box.top - own.height - 6;
    if (event.clientX) left = event.clientX - own.width / 2;
    if (event.clientY) top = event.clientY - own.height - 14;
    if (top < 4) top = box.bottom + 6;
    tip.style.left = Math.max(4, Math.min(left, document.documentElement.clientWidth - own.width - 4)) + "px";
    tip.style.top = top + "px";
  }

  document.addEventListener("pointerover", showTip);
  document.addEventListener("focusin", showTip);
  document.addEventListener("focusout", hideTip);
  // A mark that takes the focus is scrolled to: its words go with it.
  window.addEventListener("scroll", function () {
    var link = told && told.closest("a");
    if (link && link === document.activeElement) placeTip(told, {});
    else hideTip();
  }, true);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hideTip(); });
})();
