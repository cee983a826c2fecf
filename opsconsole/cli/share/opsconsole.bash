# Completion of opsconsole for bash; `opsconsole completion bash` prints it.
_opsconsole() {
    local line="${COMP_LINE:0:COMP_POINT}" answer current lead
    local IFS=$'\n'
    local -a found=()
    # What bash has split off at : and = stands on the line already.
    current="${line##* }"
    lead="${current%"${current##*[:=]}"}"
    while IFS= read -r answer; do
        case "$answer" in
            :files) found+=($(compgen -f -- "${current#"$lead"}")) ;;
            :folders) found+=($(compgen -d -- "${current#"$lead"}")) ;;
            *) answer="${answer%%$'\t'*}"; found+=("${answer#"$lead"}") ;;
        esac
    done < <(printf '%s\n' "$line" | opsconsole completion words 2>/dev/null)
    COMPREPLY=("${found[@]}")
}
complete -o filenames -F _opsconsole opsconsole
