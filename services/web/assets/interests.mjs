// Finds a team in a long list. Without this the list is all there.

const search = document.getElementById("search");
const teams = [...document.querySelectorAll(".plaudit-team")];

if (search && teams.length > 5) {
  const count = document.getElementById("search-count");
  const names = teams.map((team) => team.querySelector("legend").textContent.toLowerCase());
  document.getElementById("team-search").hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    teams.forEach((team, at) => {
      // A team with an answer stays in view: what was said must be seen.
      const said = !team.querySelector("input[value='none']").checked;
      team.hidden = !said && !words.every((word) => names[at].includes(word));
      if (!team.hidden) shown += 1;
    });
    count.textContent = words.length ? `${shown} of ${teams.length} teams shown` : "";
  });
  // Enter in the search box is no declaration.
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
