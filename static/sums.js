// table[data-adds-up]: under each column of its rows [data-part] the sum of what is typed, as it is typed.
(function () {
  "use strict";
  var table = document.querySelector("table[data-adds-up]");

  // As the form reads it: full-width digits, separators and units are fine; what is no number is not added.
  function read(text) {
    var typed = text.normalize("NFKC").replace(/[\s,人万元]/g, "");
    return /^\d+(\.\d+)?$/.test(typed) ? +typed : 0;
  }

  table.addEventListener("input", function () {
    var rows = Array.prototype.slice.call(table.querySelectorAll("[data-part]"));
    Array.prototype.forEach.call(table.querySelectorAll("[data-sum]"), function (place) {
      var total = rows.reduce(function (sum, row) {
        return sum + read(row.querySelectorAll("input")[place.dataset.sum].value);
      }, 0);
      place.textContent = +total.toFixed(4);
    });
  });
})();
