# Completion of opsconsole for fish; `opsconsole completion fish` prints it.
function __opsconsole_words
    for answer in (commandline -cp | opsconsole completion words 2>/dev/null)
        switch $answer
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':folders'
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $answer
        end
    end
end
complete -c opsconsole -f -a '(__opsconsole_words)'
